package dev.conch.sim.engine;

import dev.conch.sim.script.Reply;
import java.util.Arrays;
import java.util.PrimitiveIterator;

/**
 * All tokens that a request will get, and why no more: the reply, cut as TensorRT-LLM cuts. EOS is never among them, the
 * tokens of a stop word are. Immutable.
 */
final class Continuation {
    private final int[] ids;
    private final EndReason reason;
    private final boolean endsWithEos;

    private Continuation(int[] ids, EndReason reason, boolean endsWithEos) {
        this.ids = ids;
        this.reason = reason;
        this.endsWithEos = endsWithEos;
    }

    static Continuation of(GenerationInputs inputs, Reply.Tokens tokens, int vocabularySize) {
        PrimitiveIterator.OfInt source = source(inputs, tokens, vocabularySize);
        int[] ids = new int[Math.min(inputs.maxTokens(), 64)];
        int length = 0;
        while (length < inputs.maxTokens()) {
            if (!source.hasNext()) {
                return new Continuation(Arrays.copyOf(ids, length), EndReason.STOP, true);
            }
            int id = source.nextInt();
            if (id == inputs.endId()) {
                if (length >= inputs.minTokens()) {
                    return new Continuation(Arrays.copyOf(ids, length), EndReason.STOP, true);
                }
                continue;
            }
            ids = length < ids.length ? ids : Arrays.copyOf(ids, Math.min(2 * length, inputs.maxTokens()));
            ids[length++] = id;
            if (inputs.stopWords().matchesTail(ids, length)) {
                return new Continuation(Arrays.copyOf(ids, length), EndReason.STOP, false);
            }
        }
        return new Continuation(Arrays.copyOf(ids, length), EndReason.LENGTH, false);
    }

    private static PrimitiveIterator.OfInt source(GenerationInputs inputs, Reply.Tokens tokens, int vocabularySize) {
        return switch (tokens) {
            case Reply.Scripted scripted ->
                scripted.ids().stream().mapToInt(Integer::intValue).iterator();
            case Reply.Generated generated -> new GeneratedTokens(inputs, generated.length(), vocabularySize);
        };
    }

    int length() {
        return ids.length;
    }

    int[] slice(int from, int to) {
        return Arrays.copyOfRange(ids, from, to);
    }

    EndReason reason() {
        return reason;
    }

    /** True if the engine would notice the end only in the step after the last token. */
    boolean endsWithEos() {
        return endsWithEos;
    }
}
