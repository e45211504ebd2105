package dev.conch.engine.triton;

import static java.util.Objects.requireNonNull;

import dev.conch.engine.EngineListener;
import dev.conch.engine.EngineOutput;
import dev.conch.engine.RunningGeneration;
import dev.conch.generation.ErrorCode.Category;
import dev.conch.generation.GenerationException;
import dev.conch.generation.GenerationRequest;
import dev.conch.proto.inference.ModelInferRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One generation on its own stream: ask what the model can do (mostly known already), send the one request, half-close, and pass on
 * what comes until the final response. Everything but {@link #cancel} happens on the request's event loop, so nothing here is locked.
 */
final class TritonGeneration extends ClientCall.Listener<InputStream> implements RunningGeneration {
    private static final Logger LOG = LoggerFactory.getLogger(TritonGeneration.class);

    private final GenerationRequest request;
    private final EngineListener listener;
    private final RequestLoop loop;
    private final Channel channel;
    private final Shared shared;
    private final ResponseParser parser;
    private final SilenceTimer silence;

    private @Nullable ClientCall<ModelInferRequest, InputStream> call;
    private @Nullable GenerationProgress progress;

    /** The listener has heard its last word. */
    private boolean ended;

    private volatile boolean cancelled;

    /** What all generations of an engine share. */
    record Shared(ModelDirectory models, TensorCodec codec, TritonTimeouts timeouts) {}

    TritonGeneration(
            GenerationRequest request, EngineListener listener, RequestLoop loop, Channel channel, Shared shared) {
        this.request = request;
        this.listener = listener;
        this.loop = loop;
        this.channel = channel;
        this.shared = shared;
        this.parser = new ResponseParser(request.id());
        this.silence = new SilenceTimer(loop, this::onSilence);
    }

    void begin() {
        if (silenced()) {
            return;
        }
        TritonTimeouts timeouts = shared.timeouts();
        silence.start(request.streaming() ? timeouts.firstToken() : timeouts.singleAnswer());
        var _ = shared.models().find(request.engineModel(), channel).whenCompleteAsync(this::onModel, loop);
    }

    private void onModel(@Nullable ModelCapabilities model, @Nullable Throwable failure) {
        if (silenced()) {
            return;
        }
        if (model == null) {
            fail(TritonErrors.ofQuestion(failure));
            return;
        }
        try {
            send(shared.codec().encode(request, model), model);
        } catch (GenerationException refused) {
            tell(refused);
        }
    }

    private void send(ModelInferRequest message, ModelCapabilities model) {
        progress = new GenerationProgress(request, model);
        call = channel.newCall(StreamMethod.DESCRIPTOR, CallOptions.DEFAULT.withExecutor(loop));
        call.start(this, TraceHeaders.of(request.trace()));
        call.sendMessage(message);
        call.halfClose();
        // Tokens are pushed on: what holds them back, if need be, is the client's connection.
        call.request(Integer.MAX_VALUE);
    }

    @Override
    public void onMessage(InputStream message) {
        if (cancelled) {
            return;
        }
        try {
            receive(parser.parse(message));
        } catch (IOException brokenContract) {
            fail(TritonErrors.ofBrokenContract(brokenContract));
        }
    }

    private void receive(StreamResponse response) throws BrokenContractException {
        if (ended) {
            throw new BrokenContractException("triton_final_response: already seen (expected: nothing after it)");
        }
        if (!response.error().isEmpty()) {
            takeEnd(TritonErrors.ofText(response.error(), answered()));
            return;
        }
        boolean before = answered();
        EngineOutput output = progress().accept(response);
        if (output != null) {
            heard(before);
            deliver(output);
        }
    }

    private void heard(boolean answeredBefore) {
        if (answeredBefore) {
            silence.heard();
        } else {
            silence.start(shared.timeouts().streamIdle());
        }
    }

    private void deliver(EngineOutput output) {
        // The timer goes on: it also sees to it that the call itself comes to an end.
        ended |= output.end() != null;
        listener.onOutput(output);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        silence.stop();
        if (!silenced()) {
            fail(TritonErrors.ofClose(status, answered()));
        }
    }

    private void onSilence() {
        if (silenced()) {
            stop();
        } else {
            fail(TritonErrors.ofSilence(answered()));
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        loop.execute(() -> {
            if (!ended) {
                stop();
            }
        });
    }

    /** Has the engine stop its work, whoever is the reason. */
    private void stop() {
        ended = true;
        silence.stop();
        if (call != null) {
            call.cancel("no longer wanted", null);
        }
    }

    /**
     * Takes an error with which the engine has ended the request itself. It is not cancelled as well: Triton never lets go of a request
     * whose cancellation crosses its end (seen on 2.51), and then cannot unload the model.
     */
    private void takeEnd(GenerationException error) {
        note(error);
        ended = true;
        silence.start(shared.timeouts().streamIdle());
        listener.onError(error);
    }

    private void fail(GenerationException error) {
        note(error);
        tell(error);
    }

    private void note(GenerationException error) {
        log(error);
        Category category = error.code().category();
        if (category == Category.UPSTREAM || category == Category.INTERNAL) {
            shared.models().forget(request.engineModel());
        }
    }

    private void tell(GenerationException error) {
        boolean late = ended;
        stop();
        if (!late) {
            listener.onError(error);
        }
    }

    private void log(GenerationException error) {
        LOG.warn(
                "{} on {} failed: {}: {}",
                request.id(),
                request.engineModel(),
                error.code().wireName(),
                TritonErrors.operatorText(error));
    }

    private boolean silenced() {
        return ended || cancelled;
    }

    private boolean answered() {
        return progress != null && progress.answered();
    }

    private GenerationProgress progress() {
        return requireNonNull(progress);
    }
}
