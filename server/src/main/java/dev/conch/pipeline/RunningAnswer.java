package dev.conch.pipeline;

import dev.conch.engine.EngineListener;
import dev.conch.engine.EngineOutput;
import dev.conch.engine.InferenceEngine;
import dev.conch.engine.RunningGeneration;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.FinishReason;
import dev.conch.generation.GenerationException;
import dev.conch.generation.GenerationRequest;
import dev.conch.output.OutputDecoder;
import dev.conch.response.AnswerFold;
import dev.conch.telemetry.RequestWatch;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One answer while it is generated: what the engine says goes through the output room into a fold. Everything happens on the
 * connection's event loop.
 */
final class RunningAnswer implements EngineListener {
    private static final Logger LOG = LoggerFactory.getLogger(RunningAnswer.class);

    private final OutputDecoder decoder;
    private final AnswerFold fold;
    private final RequestWatch watch;
    private final CompletableFuture<Object> body = new CompletableFuture<>();
    private @Nullable RunningGeneration generation;
    private boolean over;
    private String outcome = "cancelled";

    RunningAnswer(OutputDecoder decoder, AnswerFold fold, RequestWatch watch) {
        this.decoder = decoder;
        this.fold = fold;
        this.watch = watch;
    }

    /** Completes with the body as soon as the answer is certain to begin; fails with what kept it from beginning. */
    CompletionStage<Object> start(InferenceEngine engine, GenerationRequest request, Executor eventLoop) {
        if (!over) {
            generation = engine.start(request, this, eventLoop);
        }
        return body;
    }

    @Override
    public void onPromptRead(int cachedTokens) {
        watch.cached(cachedTokens);
    }

    @Override
    public void onOutput(EngineOutput output) {
        if (over) {
            return;
        }
        try {
            fold(output);
        } catch (GenerationException e) {
            fail(e);
        } catch (RuntimeException e) {
            fail(new GenerationException(
                    ErrorCode.INTERNAL_ERROR, "The server failed to answer. It has been logged.", null, e));
        }
    }

    private void fold(EngineOutput output) {
        watch.tokens(output.tokenIds().length);
        decoder.accept(output.choice(), output.tokenIds(), output.logprobs(), finishReason(output.end()));
        if (decoder.finished()) {
            end("complete");
        }
        // Last, because it may send the answer at once, and that is the end of the exchange.
        if (fold.bodyReady()) {
            body.complete(fold.body());
        }
    }

    @Override
    public void onError(GenerationException error) {
        if (!over) {
            fail(error);
        }
    }

    private void fail(GenerationException error) {
        end(error.code().wireName());
        if (!body.completeExceptionally(error)) {
            if (error.code().category() == ErrorCode.Category.INTERNAL) {
                LOG.error("an answer that had begun failed", error);
            }
            fold.fail(error);
        }
    }

    /** Nobody waits for this answer any more. */
    void abandon() {
        ErrorCode cut = fold.cut();
        end(cut == null ? "cancelled" : cut.wireName());
    }

    /** {@code complete}, {@code cancelled}, or the code of the failure. */
    String outcome() {
        return outcome;
    }

    /** A generation of which nothing more is needed is cancelled: it may have run past a stop sequence that only the text shows. */
    private void end(String outcome) {
        if (over) {
            return;
        }
        over = true;
        this.outcome = outcome;
        if (generation != null) {
            generation.cancel();
        }
    }

    private static @Nullable FinishReason finishReason(EngineOutput.@Nullable End end) {
        return switch (end) {
            case STOP -> FinishReason.STOP;
            case LENGTH -> FinishReason.LENGTH;
            case null -> null;
        };
    }
}
