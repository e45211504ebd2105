package dev.conch.engine.triton;

import dev.conch.engine.EngineOutput;
import dev.conch.engine.EngineOutput.End;
import dev.conch.generation.GenerationRequest;
import org.jspecify.annotations.Nullable;

/**
 * How far one generation has come, and whether the next message may be believed. NVIDIA's engine gives no finish reason: it leaves out
 * the end token, leaves in a stop word, and stops after the last token that there is room for, so the reason is inferred from what
 * came. Engines that do give one are taken at their word. Not thread-safe, knows nothing of streams or clocks.
 */
final class GenerationProgress {
    private static final int CHOICE = 0;

    private final GenerationRequest request;
    private final ModelCapabilities model;

    private int generated;
    private int lastToken = -1;
    private @Nullable String finishReason;

    GenerationProgress(GenerationRequest request, ModelCapabilities model) {
        this.request = request;
        this.model = model;
    }

    /** Whether the engine has generated anything yet. */
    boolean answered() {
        return generated > 0;
    }

    /**
     * Takes the next message.
     *
     * @return what to tell about it; null if it says nothing
     * @throws BrokenContractException if it cannot be an answer to this request
     */
    @Nullable EngineOutput accept(StreamResponse response) throws BrokenContractException {
        if (response.foreign()) {
            throw new BrokenContractException("id: of another request (expected: this one's)");
        }
        count(response.tokenIds());
        if (response.finishReason() != null) {
            finishReason = response.finishReason();
        }
        if (response.last()) {
            return EngineOutput.last(CHOICE, end(), response.tokenIds());
        }
        return response.tokenIds().length == 0 ? null : EngineOutput.tokens(CHOICE, response.tokenIds());
    }

    private void count(int[] tokenIds) throws BrokenContractException {
        for (int id : tokenIds) {
            if (id < 0 || id >= model.vocabSize()) {
                throw new BrokenContractException(
                        "output_ids: %d (expected: 0 to below %d)".formatted(id, model.vocabSize()));
            }
            lastToken = id;
        }
        generated += tokenIds.length;
        if (generated > request.stop().maxTokens()) {
            throw new BrokenContractException("output_ids: %d tokens (expected: at most %d)"
                    .formatted(generated, request.stop().maxTokens()));
        }
    }

    private End end() throws BrokenContractException {
        return switch (finishReason) {
            case null -> inferredEnd();
            case "stop" -> End.STOP;
            case "length" -> End.LENGTH;
            default ->
                throw new BrokenContractException("finish_reason: " + finishReason + " (expected: stop, length)");
        };
    }

    private End inferredEnd() {
        boolean stopWord = generated > 0 && request.stop().endTokenIds().contains(lastToken);
        return !stopWord && generated >= room() ? End.LENGTH : End.STOP;
    }

    /** Tokens after which the engine has to stop: what was asked for, cut to what the context has left. */
    private int room() {
        return Math.min(request.stop().maxTokens(), model.maxSequenceLength() - request.promptTokenIds().length);
    }
}
