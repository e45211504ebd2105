package dev.conch.response;

import dev.conch.generation.OutputEvent.TextDelta;
import dev.conch.generation.OutputEvent.Tokens;
import dev.conch.generation.TextLogprob;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Chunks that have not been written yet, in order. Not thread-safe. */
final class Backlog {
    /** What a token's id, and what a token's name and logprob take on the wire, in characters and roughly. */
    private static final int CHARS_OF_AN_ID = 6;

    private static final int CHARS_OF_A_LOGPROB = 80;

    private final List<Chunk> chunks = new ArrayList<>();
    private int chars;

    void add(Chunk chunk) {
        chunks.add(chunk);
        TextDelta text = text(chunk);
        if (text != null) {
            chars += text.text().length() + chars(text.tokens());
        }
    }

    private static int chars(Tokens tokens) {
        int sum = CHARS_OF_AN_ID * tokens.ids().size();
        for (TextLogprob logprob : tokens.logprobs()) {
            sum += CHARS_OF_A_LOGPROB * (1 + logprob.alternatives().size());
        }
        return sum;
    }

    boolean isEmpty() {
        return chunks.isEmpty();
    }

    /** UTF-16 units of text that wait, and about as many as their tokens and logprobs will be. */
    int chars() {
        return chars;
    }

    /**
     * Writes all chunks and forgets them.
     *
     * @param merge whether pieces of text of one choice become one: for a client that has not kept up, fewer events say the same
     */
    void drain(SseWriter writer, ByteBuf out, boolean merge) {
        for (Chunk chunk : merge ? merged() : chunks) {
            writer.writeChunk(out, chunk);
        }
        chunks.clear();
        chars = 0;
    }

    /** Text waits for the next piece of its choice, which other choices may come before, and goes where the last of them is. */
    private List<Chunk> merged() {
        BitSet waiting = textThatMoreFollows();
        Map<Integer, List<TextDelta>> runs = new HashMap<>();
        List<Chunk> merged = new ArrayList<>();
        for (int i = 0; i < chunks.size(); i++) {
            TextDelta text = text(chunks.get(i));
            if (text == null) {
                merged.add(chunks.get(i));
                continue;
            }
            List<TextDelta> run = runs.computeIfAbsent(text.choice(), _ -> new ArrayList<>());
            run.add(text);
            if (!waiting.get(i)) {
                merged.add(new Chunk.News(joined(run), chunks.get(i).usage()));
                run.clear();
            }
        }
        return merged;
    }

    /** Numbers of the chunks whose choice has text as the next that is said of it. */
    private BitSet textThatMoreFollows() {
        var waiting = new BitSet();
        var textNext = new BitSet();
        for (int i = chunks.size() - 1; i >= 0; i--) {
            int choice = choice(chunks.get(i));
            boolean isText = text(chunks.get(i)) != null;
            waiting.set(i, isText && textNext.get(choice));
            if (choice >= 0) {
                textNext.set(choice, isText);
            }
        }
        return waiting;
    }

    private static TextDelta joined(List<TextDelta> run) {
        if (run.size() == 1) {
            return run.getFirst();
        }
        var text = new StringBuilder();
        var ids = new ArrayList<Integer>();
        var logprobs = new ArrayList<TextLogprob>();
        for (TextDelta delta : run) {
            text.append(delta.text());
            ids.addAll(delta.tokens().ids());
            logprobs.addAll(delta.tokens().logprobs());
        }
        Tokens tokens = ids.isEmpty() ? Tokens.NONE : new Tokens(ids, logprobs);
        return new TextDelta(run.getFirst().choice(), text.toString(), tokens);
    }

    /** The choice that a chunk is about, or -1. */
    private static int choice(Chunk chunk) {
        return switch (chunk) {
            case Chunk.Begin begin -> begin.choice();
            case Chunk.News news -> news.event().choice();
            case Chunk.Total _ -> -1;
        };
    }

    private static @Nullable TextDelta text(Chunk chunk) {
        return chunk instanceof Chunk.News news && news.event() instanceof TextDelta text ? text : null;
    }
}
