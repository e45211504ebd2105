package dev.conch.engine.triton;

import dev.conch.engine.EngineListener;
import dev.conch.engine.EngineOutput;
import dev.conch.engine.RunningGeneration;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.ErrorCode.Category;
import dev.conch.generation.GenerationException;
import dev.conch.generation.GenerationRequest;
import dev.conch.proto.inference.ModelInferRequest;
import io.grpc.Channel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One generation: asks what the model can do (mostly known already), sends it by a subscription or a stream of its own, or
 * as one request for each choice where the model cannot generate several, and joins what they say. A request that finds no server before its
 * first token is sent again to another replica. Everything but {@link #cancel} happens on the request's event loop, so nothing here is locked.
 */
final class TritonGeneration implements RunningGeneration {
    private static final Logger LOG = LoggerFactory.getLogger(TritonGeneration.class);
    private static final int MAX_ATTEMPTS = 3;

    private final GenerationRequest request;
    private final EngineListener listener;
    private final RequestLoop loop;
    private final List<? extends Channel> replicas;
    private final Shared shared;
    private final List<Part> parts = new ArrayList<>(1);

    private boolean promptTold;
    private boolean failed;
    private volatile boolean cancelled;

    /** What all generations of an engine share. */
    record Shared(
            ModelDirectory models,
            TensorCodec codec,
            TritonTimeouts timeouts,
            EngineRoute streams,
            @Nullable EngineRoute subscriptions) {

        /** By which way requests go to the model. */
        EngineRoute route(ModelCapabilities model) {
            return subscriptions != null && model.hasSubscriptions() ? subscriptions : streams;
        }
    }

    /** @param replicas in the order in which to try them, at least one */
    TritonGeneration(
            GenerationRequest request,
            EngineListener listener,
            RequestLoop loop,
            List<? extends Channel> replicas,
            Shared shared) {
        this.request = request;
        this.listener = listener;
        this.loop = loop;
        this.replicas = replicas;
        this.shared = shared;
    }

    void begin() {
        if (!cancelled) {
            var _ = shared.models().find(request.engineModel(), replicas).whenCompleteAsync(this::onModel, loop);
        }
    }

    private void onModel(@Nullable ModelCapabilities model, @Nullable Throwable failure) {
        if (cancelled) {
            return;
        }
        if (model == null) {
            fail(TritonErrors.ofQuestion(failure));
            return;
        }
        try {
            for (GenerationRequest part : shared.codec().split(request, model)) {
                parts.add(new Part(part, parts.size(), model));
            }
        } catch (RuntimeException broken) {
            endBroken(broken);
        }
        parts.forEach(Part::open);
    }

    @Override
    public void cancel() {
        cancelled = true;
        loop.execute(this::cancelParts);
    }

    private void cancelParts() {
        parts.forEach(Part::cancel);
    }

    private void fail(GenerationException error) {
        note(error);
        end(error);
    }

    /** Whoever waits for this generation is told, whatever went wrong on the way to the engine. */
    private void endBroken(RuntimeException broken) {
        end(new GenerationException(ErrorCode.INTERNAL_ERROR, "The generation failed.", null, broken));
    }

    private void note(GenerationException error) {
        LOG.warn(
                "{} on {} failed: {}: {}",
                request.id(),
                request.engineModel(),
                error.code().wireName(),
                TritonErrors.operatorText(error));
        Category category = error.code().category();
        if (category == Category.UPSTREAM || category == Category.INTERNAL) {
            shared.models().forget(request.engineModel());
        }
    }

    private void end(GenerationException error) {
        if (!silenced()) {
            failed = true;
            cancelParts();
            listener.onError(error);
        }
    }

    private boolean silenced() {
        return failed || cancelled;
    }

    /** What one exchange carries: the whole request, or one of its choices. */
    private final class Part implements EngineListener {
        private final GenerationRequest asked;
        private final int firstChoice;
        private final ModelCapabilities model;
        private EngineRoute.@Nullable Exchange exchange;
        private int attempts;

        Part(GenerationRequest asked, int firstChoice, ModelCapabilities model) {
            this.asked = asked;
            this.firstChoice = firstChoice;
            this.model = model;
        }

        void open() {
            if (silenced()) {
                return;
            }
            try {
                send(shared.codec().encode(asked, model));
            } catch (GenerationException refused) {
                end(refused);
            } catch (RuntimeException broken) {
                endBroken(broken);
            }
        }

        private void send(ModelInferRequest message) {
            var progress = new GenerationProgress(asked, firstChoice, model);
            var attempt = new EngineRoute.Attempt(asked, message, progress, this, loop, replicas.get(attempts));
            EngineRoute.Exchange next = shared.route(model).prepare(attempt);
            exchange = next;
            attempts++;
            next.begin();
        }

        void cancel() {
            if (exchange != null) {
                exchange.cancel();
            }
        }

        @Override
        public void onPromptRead(int cachedTokens) {
            if (!silenced() && !promptTold) {
                promptTold = true;
                listener.onPromptRead(cachedTokens);
            }
        }

        @Override
        public void onOutput(EngineOutput output) {
            if (!silenced()) {
                // From now on it is too late to tell.
                promptTold = true;
                listener.onOutput(output);
            }
        }

        @Override
        public void onError(GenerationException error) {
            if (silenced()) {
                return;
            }
            if (TritonErrors.isOfThisReplica(error) && attempts < Math.min(MAX_ATTEMPTS, replicas.size())) {
                note(error);
                open();
            } else {
                fail(error);
            }
        }
    }
}
