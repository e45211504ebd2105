package dev.conch.response;

import dev.conch.openai.ChatCompletionChunk;
import dev.conch.openai.ChatCompletionChunk.Choice;
import dev.conch.openai.ChatCompletionChunk.Delta;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chunks that have not been written yet, in order. Not thread-safe. */
final class Backlog {
    private final List<ChatCompletionChunk> chunks = new ArrayList<>();
    private int chars;

    void add(ChatCompletionChunk chunk) {
        chunks.add(chunk);
        for (Choice choice : chunk.choices()) {
            chars += choice.delta().content() == null
                    ? 0
                    : choice.delta().content().length();
        }
    }

    boolean isEmpty() {
        return chunks.isEmpty();
    }

    /** UTF-16 units of text that wait. */
    int chars() {
        return chars;
    }

    /**
     * Writes all chunks and forgets them.
     *
     * @param merge whether neighbouring pieces of text become one: for a client that has not kept up, fewer events say the same
     */
    void drain(SseWriter writer, ByteBuf out, boolean merge) {
        for (int i = 0; i < chunks.size(); ) {
            int end = merge ? endOfRun(i) : i + 1;
            writer.writeChunk(out, end - i == 1 ? chunks.get(i) : joined(chunks.subList(i, end)));
            i = end;
        }
        chunks.clear();
        chars = 0;
    }

    private int endOfRun(int start) {
        int choice = textChoice(chunks.get(start));
        int end = start + 1;
        while (choice >= 0 && end < chunks.size() && textChoice(chunks.get(end)) == choice) {
            end++;
        }
        return end;
    }

    /** The choice to which this chunk adds text and nothing else, or -1. */
    private static int textChoice(ChatCompletionChunk chunk) {
        if (chunk.choices().size() != 1) {
            return -1;
        }
        Choice choice = chunk.choices().getFirst();
        boolean textOnly = choice.delta().role() == null && content(chunk) != null && choice.finishReason() == null;
        return textOnly ? choice.index() : -1;
    }

    private static ChatCompletionChunk joined(List<ChatCompletionChunk> run) {
        var text = new StringBuilder();
        run.forEach(chunk -> text.append(content(chunk)));
        return ChatCompletionChunk.of(new Choice(textChoice(run.getFirst()), new Delta(null, text.toString()), null));
    }

    private static @Nullable String content(ChatCompletionChunk chunk) {
        return chunk.choices().getFirst().delta().content();
    }
}
