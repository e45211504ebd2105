package dev.conch.pipeline;

import dev.conch.engine.EngineListener;
import dev.conch.engine.EngineOutput;
import dev.conch.engine.InferenceEngine;
import dev.conch.engine.RunningGeneration;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.FailureTrace;
import dev.conch.generation.FinishReason;
import dev.conch.generation.GenerationException;
import dev.conch.generation.GenerationRequest;
import dev.conch.output.OutputDecoder;
import dev.conch.response.AnswerFold;
import dev.conch.telemetry.Exchange;
import dev.conch.telemetry.RequestWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One answer while it is generated: what the engine says of its generations, one for each prompt, goes through the output room into a
 * fold. If one of them fails the answer does, and the others are cancelled. Everything happens on the connection's event loop.
 */
final class RunningAnswer {
    private static final Logger LOG = LoggerFactory.getLogger(RunningAnswer.class);

    private final AnswerFold fold;
    private final RequestWatch watch;
    private final Map<String, String> paramNames;
    private final CompletableFuture<Object> body = new CompletableFuture<>();
    private final List<Part> parts = new ArrayList<>();
    private @Nullable Future<?> commitTimer;
    private int unfinishedParts;
    private boolean over;
    private String outcome = Exchange.CANCELLED;

    /** @param paramNames the client's name of a parameter, by the name under which an engine refuses it, where the two differ */
    RunningAnswer(AnswerFold fold, RequestWatch watch, Map<String, String> paramNames) {
        this.fold = fold;
        this.watch = watch;
        this.paramNames = paramNames;
    }

    /** What is generated from one prompt, to be added before the start. */
    void add(GenerationRequest request, OutputDecoder decoder) {
        parts.add(new Part(request, decoder));
        unfinishedParts++;
    }

    /** Completes with the body as soon as the answer is certain to begin; fails with what kept it from beginning. */
    CompletionStage<Object> start(InferenceEngine engine, Executor eventLoop) {
        if (!over) {
            watch.started(promptTokens());
        }
        for (Part part : parts) {
            if (!over) {
                part.generation = engine.start(part.request, part, eventLoop);
            }
        }
        return body;
    }

    /** Tokens of all prompts together. */
    private int promptTokens() {
        return parts.stream()
                .mapToInt(part -> part.request.promptTokenIds().length)
                .sum();
    }

    /** The answer has to end here, because of this. */
    void abort(GenerationException error) {
        if (!over) {
            fail(error);
        }
    }

    /** Hands the body out after that time, even if there is nothing to say yet: a failure is a part of the answer then. */
    void commitAfter(Duration delay, ScheduledExecutorService eventLoop) {
        if (!over) {
            commitTimer = eventLoop.schedule(() -> body.complete(fold.body()), delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** One generation of the answer. */
    private final class Part implements EngineListener {
        private final GenerationRequest request;
        private final OutputDecoder decoder;
        private @Nullable RunningGeneration generation;
        private boolean finished;

        Part(GenerationRequest request, OutputDecoder decoder) {
            this.request = request;
            this.decoder = decoder;
        }

        @Override
        public void onPromptRead(int cachedTokens) {
            if (!over) {
                watch.cached(cachedTokens);
                fold.promptRead(cachedTokens);
            }
        }

        @Override
        public void onOutput(EngineOutput output) {
            if (over || finished) {
                return;
            }
            try {
                fold(this, output);
            } catch (GenerationException e) {
                fail(e);
            } catch (RuntimeException e) {
                fail(new GenerationException(
                        ErrorCode.INTERNAL_ERROR, "The server failed to answer. It has been logged.", null, e));
            }
        }

        @Override
        public void onError(GenerationException error) {
            if (!over && !finished) {
                fail(inClientsWords(error));
            }
        }

        /** One of which nothing more is needed is cancelled: it may have run past a stop sequence that only the text shows. */
        void cancel() {
            finished = true;
            if (generation != null) {
                generation.cancel();
            }
        }
    }

    private void fold(Part part, EngineOutput output) {
        count(output.tokenIds().length);
        part.decoder.accept(output.choice(), output.tokenIds(), output.logprobs(), finishReason(output.end()));
        if (part.decoder.finished()) {
            part.cancel();
            unfinishedParts--;
        }
        if (unfinishedParts == 0) {
            end(Exchange.COMPLETE);
        }
        // Last, because it may send the answer at once, and that is the end of the exchange.
        if (fold.bodyReady()) {
            body.complete(fold.body());
        }
    }

    private void count(int tokens) {
        if (tokens > 0) {
            watch.tokens(tokens);
        }
    }

    /** An engine does not know by which field of a request something was asked of it. */
    private GenerationException inClientsWords(GenerationException error) {
        String param = error.param();
        String asked = param == null ? null : paramNames.get(param);
        return param == null || asked == null
                ? error
                : new GenerationException(error.code(), error.clientMessage().replace(param, asked), asked, error);
    }

    private void fail(GenerationException error) {
        end(error.code().wireName());
        if (!body.completeExceptionally(error)) {
            if (error.code().category() == ErrorCode.Category.INTERNAL) {
                LOG.error(
                        "{}: an answer that had begun failed: {}",
                        parts.getFirst().request.id(),
                        error.clientMessage(),
                        FailureTrace.of(error));
            }
            fold.fail(error);
        }
    }

    /** Nobody waits for this answer any more. */
    void abandon() {
        ErrorCode cut = fold.cut();
        end(cut == null ? Exchange.CANCELLED : cut.wireName());
    }

    /** {@code complete}, {@code cancelled}, or the code of the failure. */
    String outcome() {
        return outcome;
    }

    private void end(String outcome) {
        if (over) {
            return;
        }
        over = true;
        this.outcome = outcome;
        parts.forEach(Part::cancel);
        if (commitTimer != null) {
            commitTimer.cancel(false);
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
