package dev.conch.sim.engine;

import dev.conch.sim.script.Reply;
import java.util.Arrays;
import java.util.List;
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

    /** @param sequence which of the request's answers, counted from 0 */
    static Continuation of(GenerationInputs inputs, int sequence, Reply.Tokens tokens, int vocabularySize) {
        PrimitiveIterator.OfInt source = source(inputs, sequence, tokens, vocabularySize);
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

    private static PrimitiveIterator.OfInt source(
            GenerationInputs inputs, int sequence, Reply.Tokens tokens, int vocabularySize) {
        return switch (tokens) {
            case Reply.Scripted scripted -> iterator(scripted.ids());
            case Reply.ScriptedChoices choices -> iterator(choices.ids().get(sequence));
            case Reply.Generated generated ->
                new GeneratedTokens(inputs, inputs.seed() + sequence, generated.length(), vocabularySize);
        };
    }

    private static PrimitiveIterator.OfInt iterator(List<Integer> ids) {
        return ids.stream().mapToInt(Integer::intValue).iterator();
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
