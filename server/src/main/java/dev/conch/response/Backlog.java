package dev.conch.response;

import dev.conch.generation.OutputEvent;
import dev.conch.generation.OutputEvent.Finished;
import dev.conch.generation.OutputEvent.ReasoningDelta;
import dev.conch.generation.OutputEvent.TextDelta;
import dev.conch.generation.OutputEvent.Tokens;
import dev.conch.generation.OutputEvent.ToolCallArguments;
import dev.conch.generation.OutputEvent.ToolCallStarted;
import dev.conch.generation.TextLogprob;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        if (chunk instanceof Chunk.News news) {
            chars += text(news.event()).length() + chars(news.event().tokens());
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
     * @param merge whether pieces of one choice's text, reasoning or arguments become one: for a client that has not kept up, fewer events say the same
     */
    void drain(SseWriter writer, ByteBuf out, boolean merge) {
        for (Chunk chunk : merge ? merged() : chunks) {
            writer.writeChunk(out, chunk);
        }
        chunks.clear();
        chars = 0;
    }

    /** A piece waits for the next of its run, which other choices may come before, and the run goes where the last of them is. */
    private List<Chunk> merged() {
        BitSet waiting = piecesThatMoreFollow();
        Map<Integer, List<OutputEvent>> runs = new HashMap<>();
        List<Chunk> merged = new ArrayList<>();
        for (int i = 0; i < chunks.size(); i++) {
            if (!(chunks.get(i) instanceof Chunk.News news) || Run.of(news) == null) {
                merged.add(chunks.get(i));
                continue;
            }
            List<OutputEvent> run = runs.computeIfAbsent(news.event().choice(), _ -> new ArrayList<>());
            run.add(news.event());
            if (!waiting.get(i)) {
                merged.add(new Chunk.News(joined(run), news.usage()));
                run.clear();
            }
        }
        return merged;
    }

    /** Numbers of the chunks whose choice goes on with a piece of the same run. */
    private BitSet piecesThatMoreFollow() {
        var waiting = new BitSet();
        Map<Integer, Optional<Run>> next = new HashMap<>();
        for (int i = chunks.size() - 1; i >= 0; i--) {
            int choice = choice(chunks.get(i));
            Optional<Run> run = Optional.ofNullable(Run.of(chunks.get(i)));
            waiting.set(i, run.isPresent() && run.equals(next.get(choice)));
            if (choice >= 0) {
                next.put(choice, run);
            }
        }
        return waiting;
    }

    private static OutputEvent joined(List<OutputEvent> run) {
        OutputEvent first = run.getFirst();
        if (run.size() == 1) {
            return first;
        }
        var text = new StringBuilder();
        var ids = new ArrayList<Integer>();
        var logprobs = new ArrayList<TextLogprob>();
        for (OutputEvent piece : run) {
            text.append(text(piece));
            ids.addAll(piece.tokens().ids());
            logprobs.addAll(piece.tokens().logprobs());
        }
        Tokens tokens = ids.isEmpty() ? Tokens.NONE : new Tokens(ids, logprobs);
        return switch (first) {
            case TextDelta delta -> new TextDelta(delta.choice(), text.toString(), tokens);
            case ReasoningDelta delta -> new ReasoningDelta(delta.choice(), text.toString(), tokens);
            case ToolCallArguments more -> new ToolCallArguments(more.choice(), more.call(), text.toString(), tokens);
            case ToolCallStarted _, Finished _ -> throw new IllegalStateException("not a piece of a text: " + first);
        };
    }

    /** The choice that a chunk is about, or -1. */
    private static int choice(Chunk chunk) {
        return switch (chunk) {
            case Chunk.Begin begin -> begin.choice();
            case Chunk.News news -> news.event().choice();
            case Chunk.Total _ -> -1;
        };
    }

    private static String text(OutputEvent event) {
        return switch (event) {
            case TextDelta delta -> delta.text();
            case ReasoningDelta delta -> delta.text();
            case ToolCallArguments more -> more.fragment();
            case ToolCallStarted call -> call.name();
            case Finished _ -> "";
        };
    }

    /**
     * What pieces of text have to have in common to be merged.
     *
     * @param call the call whose arguments they are, or -1
     */
    private record Run(Class<? extends OutputEvent> kind, int call) {

        static @Nullable Run of(Chunk chunk) {
            return chunk instanceof Chunk.News news ? of(news.event()) : null;
        }

        private static @Nullable Run of(OutputEvent event) {
            return switch (event) {
                case TextDelta _ -> new Run(TextDelta.class, -1);
                case ReasoningDelta _ -> new Run(ReasoningDelta.class, -1);
                case ToolCallArguments more -> new Run(ToolCallArguments.class, more.call());
                case ToolCallStarted _, Finished _ -> null;
            };
        }
    }
}
