package dev.conch.engine.triton;

import dev.conch.engine.EngineOutput;
import dev.conch.engine.EngineOutput.End;
import dev.conch.generation.GenerationRequest;
import dev.conch.generation.TokenLogprob;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How far one stream has come, and whether its next message may be believed. NVIDIA's engine gives no finish reason: it leaves out
 * the end token, leaves in a stop word, and stops after the last token that there is room for, so the reason is inferred from what
 * came, and which of several sequences has ended is known only when all have. Engines that do give one are taken at their word. Not
 * thread-safe, knows nothing of streams or clocks.
 */
final class GenerationProgress {
    private final GenerationRequest request;
    private final ModelCapabilities model;
    private final List<Sequence> sequences;

    /** Sequences that have not ended. */
    private int open;

    private boolean complete;

    /** One of the answers that grow on the stream. */
    private static final class Sequence {
        private final int choice;
        private int generated;
        private int lastToken = -1;
        private boolean ended;

        Sequence(int choice) {
            this.choice = choice;
        }
    }

    /** @param firstChoice what the first of the request's choices is called */
    GenerationProgress(GenerationRequest request, int firstChoice, ModelCapabilities model) {
        this.request = request;
        this.model = model;
        this.open = request.choices();
        this.sequences = IntStream.range(0, open)
                .mapToObj(i -> new Sequence(firstChoice + i))
                .toList();
    }

    /** Whether every choice has ended, though the engine may not have said its last word. */
    boolean ended() {
        return open == 0;
    }

    /**
     * Takes the next message.
     *
     * @param sink is told what there is to tell about it, which may be nothing
     * @throws BrokenContractException if it cannot be an answer to this request
     */
    void accept(StreamResponse response, Consumer<EngineOutput> sink) throws BrokenContractException {
        if (complete) {
            throw new BrokenContractException("triton_final_response: already seen (expected: nothing after it)");
        }
        if (response.foreign()) {
            throw new BrokenContractException("id: of another request (expected: this one's)");
        }
        complete = response.last();
        take(
                response.sequence(),
                response.tokenIds(),
                response.logprobs(),
                response.finishReason(),
                response.last(),
                sink);
        if (complete) {
            endAll(sink);
        }
    }

    /**
     * Takes what a step has brought to one of the sequences.
     *
     * @param logprobs of the new tokens; null if there are none
     * @param finishReason null while the sequence goes on
     * @param sink is told what there is to tell about it, which may be nothing
     * @throws BrokenContractException if it cannot be an answer to this request
     */
    void accept(
            int sequence,
            int[] tokenIds,
            @Nullable ResponseLogprobs logprobs,
            @Nullable String finishReason,
            Consumer<EngineOutput> sink)
            throws BrokenContractException {
        take(sequence, tokenIds, logprobs, finishReason, false, sink);
    }

    private void take(
            int index,
            int[] tokenIds,
            @Nullable ResponseLogprobs unchecked,
            @Nullable String finishReason,
            boolean last,
            Consumer<EngineOutput> sink)
            throws BrokenContractException {
        Sequence sequence = sequence(index, tokenIds);
        List<TokenLogprob> logprobs = logprobs(sequence, tokenIds, unchecked);
        count(sequence, tokenIds);
        if (!sequence.ended && (finishReason != null || last)) {
            End end = end(sequence, finishReason);
            sequence.ended = true;
            open--;
            sink.accept(new EngineOutput(sequence.choice, tokenIds, logprobs, end));
        } else if (tokenIds.length > 0) {
            sink.accept(new EngineOutput(sequence.choice, tokenIds, logprobs, null));
        }
    }

    /**
     * Checks how much of the prompt was not computed anew.
     *
     * @throws BrokenContractException if it is more than there was
     */
    void requireOfPrompt(int cachedTokens) throws BrokenContractException {
        int promptTokens = request.promptTokenIds().length;
        if (cachedTokens > promptTokens) {
            throw new BrokenContractException(
                    "cached_tokens: %d (expected: at most %d)".formatted(cachedTokens, promptTokens));
        }
    }

    /** Only a message without tokens, or of a stream with one sequence, need not say what it is about. */
    private Sequence sequence(int index, int[] tokenIds) throws BrokenContractException {
        boolean obvious = sequences.size() == 1 || tokenIds.length == 0;
        if (index == StreamResponse.UNTOLD && obvious) {
            return sequences.getFirst();
        }
        if (index < 0 || index >= sequences.size()) {
            throw new BrokenContractException(
                    "sequence_index: %d (expected: 0 to below %d)".formatted(index, sequences.size()));
        }
        return sequences.get(index);
    }

    private List<TokenLogprob> logprobs(Sequence sequence, int[] tokenIds, @Nullable ResponseLogprobs logprobs)
            throws BrokenContractException {
        Integer alternatives = request.topLogprobs();
        if (alternatives == null || tokenIds.length == 0) {
            return List.of();
        }
        if (logprobs == null) {
            throw new BrokenContractException("output_log_probs: none (expected: one for each token)");
        }
        requireKnown(OutputTensor.TOP_LOGPROB_IDS, logprobs.topIds());
        return logprobs.of(tokenIds, sequence.generated, alternatives);
    }

    private void requireKnown(OutputTensor tensor, int[] tokenIds) throws BrokenContractException {
        for (int id : tokenIds) {
            if (id < 0 || id >= model.vocabSize()) {
                throw new BrokenContractException(
                        "%s: %d (expected: 0 to below %d)".formatted(tensor.tensorName(), id, model.vocabSize()));
            }
        }
    }

    private void count(Sequence sequence, int[] tokenIds) throws BrokenContractException {
        requireKnown(OutputTensor.OUTPUT_IDS, tokenIds);
        if (tokenIds.length > 0) {
            sequence.lastToken = tokenIds[tokenIds.length - 1];
        }
        sequence.generated += tokenIds.length;
        if (sequence.generated > request.stop().maxTokens()) {
            throw new BrokenContractException("output_ids: %d tokens (expected: at most %d)"
                    .formatted(sequence.generated, request.stop().maxTokens()));
        }
        if (sequence.ended && tokenIds.length > 0) {
            throw new BrokenContractException("output_ids: more tokens (expected: none after the end)");
        }
    }

    /** After the last message, for all of which it was not said before. */
    private void endAll(Consumer<EngineOutput> sink) {
        for (Sequence sequence : sequences) {
            if (!sequence.ended) {
                sequence.ended = true;
                open--;
                sink.accept(EngineOutput.last(sequence.choice, inferred(sequence)));
            }
        }
    }

    private End end(Sequence sequence, @Nullable String finishReason) throws BrokenContractException {
        return switch (finishReason) {
            case null -> inferred(sequence);
            case "stop" -> End.STOP;
            case "length" -> End.LENGTH;
            default ->
                throw new BrokenContractException("finish_reason: " + finishReason + " (expected: stop, length)");
        };
    }

    private End inferred(Sequence sequence) {
        boolean stopToken = sequence.generated > 0
                && (request.stop().endTokenIds().contains(sequence.lastToken)
                        || request.stop().stopTokenIds().contains(sequence.lastToken));
        return !stopToken && sequence.generated >= room() ? End.LENGTH : End.STOP;
    }

    /** Tokens after which the engine has to stop: what was asked for, cut to what the context has left. */
    private int room() {
        return Math.min(request.stop().maxTokens(), model.maxSequenceLength() - request.promptTokenIds().length);
    }
}
