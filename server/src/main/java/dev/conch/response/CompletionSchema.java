package dev.conch.response;

import static dev.conch.response.JsonText.ascii;
import static dev.conch.response.JsonText.asciiBytes;

import dev.conch.generation.OutputEvent;
import dev.conch.generation.OutputEvent.Finished;
import dev.conch.generation.OutputEvent.ReasoningDelta;
import dev.conch.generation.OutputEvent.TextDelta;
import dev.conch.generation.OutputEvent.Tokens;
import dev.conch.generation.OutputEvent.ToolCallArguments;
import dev.conch.generation.OutputEvent.ToolCallStarted;
import dev.conch.openai.CompletionUsage;
import dev.conch.openai.TextCompletion;
import io.netty.buffer.ByteBuf;
import java.util.List;

/** Answers of {@code /v1/completions}. Immutable. */
record CompletionSchema(AnswerHead head, AnswerForm form) implements AnswerSchema {
    private static final byte[] INDEX = asciiBytes("{\"index\":");
    private static final byte[] TEXT = asciiBytes(",\"text\":");
    private static final byte[] GOES_ON = asciiBytes(",\"finish_reason\":null");

    @Override
    public String chunkObject() {
        return TextCompletion.OBJECT;
    }

    /** Only to tell the prompt's ids: there is no role. */
    @Override
    public boolean announcesChoices() {
        return form.tokenIds();
    }

    @Override
    public void writeBegin(ByteBuf out, int choice) {
        writeText(out, choice, "", Tokens.NONE);
        out.writeBytes(GOES_ON);
        ascii(out, ",\"prompt_token_ids\":");
        JsonText.write(out, head.promptOf(choice));
        out.writeByte('}');
    }

    @Override
    public void writeNews(ByteBuf out, OutputEvent event) {
        switch (event) {
            case TextDelta text -> writeText(out, text);
            case Finished finished -> writeEnd(out, finished);
            case ReasoningDelta _, ToolCallStarted _, ToolCallArguments _ ->
                throw new IllegalStateException("completions are text alone: " + event);
        }
    }

    private void writeText(ByteBuf out, TextDelta text) {
        writeText(out, text.choice(), text.text(), text.tokens());
        out.writeBytes(GOES_ON);
        writeTokenIds(out, text.tokens());
        out.writeByte('}');
    }

    private void writeEnd(ByteBuf out, Finished finished) {
        writeText(out, finished.choice(), "", finished.tokens());
        ascii(out, ",\"finish_reason\":");
        JsonText.write(out, finished.reason().wireName());
        writeTokenIds(out, finished.tokens());
        out.writeByte('}');
    }

    private void writeText(ByteBuf out, int choice, String text, Tokens tokens) {
        out.writeBytes(INDEX);
        JsonText.write(out, choice);
        out.writeBytes(TEXT);
        JsonText.write(out, text);
        ascii(out, ",\"logprobs\":");
        if (form.logprobs()) {
            LogprobJson.writeCompletion(out, tokens.logprobs());
        } else {
            ascii(out, "null");
        }
    }

    private void writeTokenIds(ByteBuf out, Tokens tokens) {
        if (form.tokenIds() && !tokens.ids().isEmpty()) {
            ascii(out, ",\"token_ids\":");
            JsonText.write(out, tokens.ids());
        }
    }

    @Override
    public void writeFirstChunkMembers(ByteBuf out) {}

    @Override
    public TextCompletion body(List<CollectedChoice> choices, CompletionUsage usage) {
        return new TextCompletion(
                head.id(),
                TextCompletion.OBJECT,
                head.created(),
                head.model(),
                head.fingerprint(),
                choices.stream().map(this::choice).toList(),
                usage);
    }

    private TextCompletion.Choice choice(CollectedChoice choice) {
        return new TextCompletion.Choice(
                choice.index(),
                choice.text(),
                form.logprobs() ? LogprobJson.completion(choice.logprobs()) : null,
                choice.finishReason().wireName(),
                form.tokenIds() ? head.promptOf(choice.index()) : null,
                form.tokenIds() ? choice.tokenIds() : null);
    }
}
