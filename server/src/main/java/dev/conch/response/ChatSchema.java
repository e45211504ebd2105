package dev.conch.response;

import static dev.conch.response.JsonText.ascii;
import static dev.conch.response.JsonText.asciiBytes;

import dev.conch.generation.OutputEvent.Finished;
import dev.conch.generation.OutputEvent.TextDelta;
import dev.conch.generation.OutputEvent.Tokens;
import dev.conch.openai.ChatCompletion;
import dev.conch.openai.ChatLogprobs;
import dev.conch.openai.CompletionUsage;
import io.netty.buffer.ByteBuf;
import java.util.List;

/** Answers of {@code /v1/chat/completions}. Immutable. */
record ChatSchema(AnswerHead head, AnswerForm form) implements AnswerSchema {
    private static final byte[] INDEX = asciiBytes("{\"index\":");
    private static final byte[] BEGIN = asciiBytes(",\"delta\":{\"role\":\"assistant\",\"content\":\"\"}");
    private static final byte[] TEXT = asciiBytes(",\"delta\":{\"content\":");
    private static final byte[] TEXT_END = asciiBytes("}");
    private static final byte[] NO_TEXT = asciiBytes(",\"delta\":{}");
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
    public void writeText(ByteBuf out, TextDelta text) {
        writeIndex(out, text.choice());
        out.writeBytes(TEXT);
        JsonText.write(out, text.text());
        out.writeBytes(TEXT_END);
        writeTokens(out, text.tokens());
        out.writeBytes(GOES_ON);
    }

    @Override
    public void writeEnd(ByteBuf out, Finished finished) {
        writeIndex(out, finished.choice());
        out.writeBytes(NO_TEXT);
        writeTokens(out, finished.tokens());
        ascii(out, ",\"finish_reason\":");
        JsonText.write(out, finished.reason().wireName());
        out.writeByte('}');
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
                new ChatCompletion.Message("assistant", choice.text(), null),
                form.logprobs()
                        ? new ChatLogprobs(
                                choice.logprobs().stream()
                                        .map(LogprobJson::chatToken)
                                        .toList(),
                                null)
                        : null,
                choice.finishReason(),
                form.tokenIds() ? choice.tokenIds() : null);
    }
}
