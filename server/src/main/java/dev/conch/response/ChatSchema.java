package dev.conch.response;

import static dev.conch.response.JsonText.ascii;
import static dev.conch.response.JsonText.asciiBytes;

import dev.conch.generation.FinishReason;
import dev.conch.generation.OutputEvent;
import dev.conch.generation.OutputEvent.Finished;
import dev.conch.generation.OutputEvent.ReasoningDelta;
import dev.conch.generation.OutputEvent.TextDelta;
import dev.conch.generation.OutputEvent.Tokens;
import dev.conch.generation.OutputEvent.ToolCallArguments;
import dev.conch.generation.OutputEvent.ToolCallStarted;
import dev.conch.generation.ReasoningField;
import dev.conch.openai.ChatCompletion;
import dev.conch.openai.ChatLogprobs;
import dev.conch.openai.CompletionUsage;
import io.netty.buffer.ByteBuf;
import java.util.List;

/** Answers of {@code /v1/chat/completions}. Immutable. */
record ChatSchema(AnswerHead head, AnswerForm form) implements AnswerSchema {
    private static final byte[] INDEX = asciiBytes("{\"index\":");
    private static final byte[] BEGIN = asciiBytes(",\"delta\":{\"role\":\"assistant\",\"content\":\"\"}");
    private static final byte[] DELTA = asciiBytes(",\"delta\":{");
    private static final byte[] CONTENT = asciiBytes("\"content\":");
    private static final byte[] REASONING_CONTENT = asciiBytes("\"reasoning_content\":");
    private static final byte[] REASONING = asciiBytes("\"reasoning\":");
    private static final byte[] GOES_ON = asciiBytes(",\"finish_reason\":null}");

    @Override
    public String chunkObject() {
        return ChatCompletion.CHUNK_OBJECT;
    }

    @Override
    public boolean announcesChoices() {
        return true;
    }

    @Override
    public void writeBegin(ByteBuf out, int choice) {
        writeIndex(out, choice);
        out.writeBytes(BEGIN);
        writeTokens(out, Tokens.NONE);
        out.writeBytes(GOES_ON);
    }

    @Override
    public void writeNews(ByteBuf out, OutputEvent event) {
        writeIndex(out, event.choice());
        out.writeBytes(DELTA);
        switch (event) {
            case TextDelta text -> writeMember(out, CONTENT, text.text());
            case ReasoningDelta reasoning -> writeReasoning(out, reasoning.text());
            case ToolCallStarted call -> writeCall(out, call);
            case ToolCallArguments more -> writeArguments(out, more);
            case Finished _ -> {}
        }
        out.writeByte('}');
        writeTokens(out, event.tokens());
        if (event instanceof Finished finished) {
            ascii(out, ",\"finish_reason\":");
            JsonText.write(out, finishReason(finished.reason()));
            out.writeByte('}');
        } else {
            out.writeBytes(GOES_ON);
        }
    }

    private static void writeMember(ByteBuf out, byte[] name, String text) {
        out.writeBytes(name);
        JsonText.write(out, text);
    }

    private void writeReasoning(ByteBuf out, String text) {
        if (form.reasoningField().hasContent()) {
            writeMember(out, REASONING_CONTENT, text);
        }
        if (form.reasoningField() == ReasoningField.BOTH) {
            out.writeByte(',');
        }
        if (form.reasoningField().hasShort()) {
            writeMember(out, REASONING, text);
        }
    }

    /** Id, type and name are told once: clients concatenate what comes later. */
    private void writeCall(ByteBuf out, ToolCallStarted call) {
        if (form.functionCall()) {
            ascii(out, "\"function_call\":{\"name\":");
            JsonText.write(out, call.name());
            ascii(out, ",\"arguments\":\"\"}");
            return;
        }
        writeCallIndex(out, call.call());
        ascii(out, ",\"id\":");
        JsonText.write(out, call.id());
        ascii(out, ",\"type\":\"function\",\"function\":{\"name\":");
        JsonText.write(out, call.name());
        ascii(out, ",\"arguments\":\"\"}}]");
    }

    private void writeArguments(ByteBuf out, ToolCallArguments more) {
        if (form.functionCall()) {
            ascii(out, "\"function_call\":{\"arguments\":");
            JsonText.write(out, more.fragment());
            out.writeByte('}');
            return;
        }
        writeCallIndex(out, more.call());
        ascii(out, ",\"function\":{\"arguments\":");
        JsonText.write(out, more.fragment());
        ascii(out, "}}]");
    }

    private static void writeCallIndex(ByteBuf out, int call) {
        ascii(out, "\"tool_calls\":[{\"index\":");
        JsonText.write(out, call);
    }

    private String finishReason(FinishReason reason) {
        return reason == FinishReason.TOOL_CALLS && form.functionCall() ? "function_call" : reason.wireName();
    }

    private static void writeIndex(ByteBuf out, int choice) {
        out.writeBytes(INDEX);
        JsonText.write(out, choice);
    }

    private void writeTokens(ByteBuf out, Tokens tokens) {
        if (form.logprobs()) {
            ascii(out, ",\"logprobs\":");
            LogprobJson.writeChat(out, tokens.logprobs());
        }
        if (form.tokenIds() && !tokens.ids().isEmpty()) {
            ascii(out, ",\"token_ids\":");
            JsonText.write(out, tokens.ids());
        }
    }

    /** Chat has one prompt, so its ids belong to the whole. */
    @Override
    public void writeFirstChunkMembers(ByteBuf out) {
        if (form.tokenIds()) {
            ascii(out, ",\"prompt_token_ids\":");
            JsonText.write(out, head.promptOf(0));
        }
    }

    @Override
    public ChatCompletion body(List<CollectedChoice> choices, CompletionUsage usage) {
        return new ChatCompletion(
                head.id(),
                ChatCompletion.OBJECT,
                head.created(),
                head.model(),
                head.fingerprint(),
                choices.stream().map(this::choice).toList(),
                usage,
                form.tokenIds() ? head.promptOf(0) : null);
    }

    private ChatCompletion.Choice choice(CollectedChoice choice) {
        return new ChatCompletion.Choice(
                choice.index(),
                message(choice),
                form.logprobs()
                        ? new ChatLogprobs(
                                choice.logprobs().stream()
                                        .map(LogprobJson::chatToken)
                                        .toList(),
                                null)
                        : null,
                finishReason(choice.finishReason()),
                form.tokenIds() ? choice.tokenIds() : null);
    }

    /** An assistant that only thinks or calls says nothing, which is another thing than the empty text. */
    private ChatCompletion.Message message(CollectedChoice choice) {
        String reasoning = choice.reasoning().isEmpty() ? null : choice.reasoning();
        boolean calls = !choice.calls().isEmpty();
        boolean silent = choice.text().isEmpty() && (calls || reasoning != null);
        return new ChatCompletion.Message(
                "assistant",
                silent ? null : choice.text(),
                null,
                form.reasoningField().hasContent() ? reasoning : null,
                form.reasoningField().hasShort() ? reasoning : null,
                calls && !form.functionCall()
                        ? choice.calls().stream().map(ChatSchema::toolCall).toList()
                        : null,
                calls && form.functionCall() ? functionCall(choice.calls().getFirst()) : null);
    }

    private static ChatCompletion.ToolCall toolCall(CollectedChoice.Call call) {
        return new ChatCompletion.ToolCall(call.id(), "function", functionCall(call));
    }

    private static ChatCompletion.FunctionCall functionCall(CollectedChoice.Call call) {
        return new ChatCompletion.FunctionCall(call.name(), call.arguments().toString());
    }
}
