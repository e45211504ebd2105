package dev.conch.engine.triton;

import dev.conch.engine.EngineListener;
import dev.conch.engine.EngineOutput;
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
import java.util.function.Consumer;

/**
 * One request on its own stream: send it, half-close, and pass on what comes until the final response. Everything happens on the
 * request's event loop, so nothing here is locked.
 */
final class TritonStream extends ClientCall.Listener<InputStream> {
    /** The end that an engine gives a sequence when it is told to, and this side has not told it. */
    private static final String CANCELLED = "cancelled";

    private final GenerationRequest request;
    private final EngineListener listener;
    private final TritonTimeouts timeouts;
    private final GenerationProgress progress;
    private final ResponseParser parser;
    private final SilenceTimer silence;
    private final ClientCall<ModelInferRequest, InputStream> call;
    /** Made once: it is handed on with every message. */
    private final Consumer<EngineOutput> deliver = this::deliver;

    /** Something was told of the generation: from here on a failure loses what cannot be had again. */
    private boolean answered;

    /** The listener has heard its last word. */
    private boolean ended;

    /** Whatever still comes is of no interest: the generation was cancelled, or has failed. */
    private boolean deaf;

    TritonStream(
            GenerationRequest request,
            GenerationProgress progress,
            EngineListener listener,
            RequestLoop loop,
            Channel channel,
            TritonTimeouts timeouts) {
        this.request = request;
        this.listener = listener;
        this.timeouts = timeouts;
        this.progress = progress;
        this.parser = new ResponseParser(request.id());
        this.silence = new SilenceTimer(loop, this::onSilence);
        this.call = channel.newCall(StreamMethod.DESCRIPTOR, CallOptions.DEFAULT.withExecutor(loop));
    }

    void send(ModelInferRequest message) {
        silence.start(request.streaming() ? timeouts.firstToken() : timeouts.singleAnswer());
        call.start(this, TraceHeaders.of(request.trace()));
        if (deaf) {
            // A channel that cannot connect may say so within the call.
            return;
        }
        call.sendMessage(message);
        call.halfClose();
        // Tokens are pushed on: what holds them back, if need be, is the client's connection.
        call.request(Integer.MAX_VALUE);
    }

    @Override
    public void onMessage(InputStream message) {
        if (deaf) {
            return;
        }
        try {
            receive(parser.parse(message));
        } catch (IOException brokenContract) {
            fail(TritonErrors.ofBrokenContract(brokenContract));
        }
    }

    private void receive(StreamResponse response) throws BrokenContractException {
        if (!response.error().isEmpty()) {
            takeEnd(failure(response.error()));
            return;
        }
        if (CANCELLED.equals(response.finishReason()) && !response.foreign()) {
            GenerationException error = TritonErrors.ofUnaskedCancel(answered);
            if (response.last()) {
                takeEnd(error);
            } else {
                fail(error);
            }
            return;
        }
        int cachedTokens = progress.cachedTokens(response);
        if (cachedTokens != StreamResponse.UNTOLD && !answered) {
            listener.onPromptRead(cachedTokens);
        }
        progress.accept(response, deliver);
    }

    /** What the request itself is the reason of is told as such. */
    private GenerationException failure(String text) {
        GenerationException banned = Bans.refusal(text, request);
        GenerationException refused = banned == null ? GuideRefusal.of(text, request) : banned;
        return refused == null ? TritonErrors.ofText(text, answered) : refused;
    }

    private void deliver(EngineOutput output) {
        if (deaf) {
            return;
        }
        if (!answered) {
            answered = true;
            // The choices of a single answer come one by one, each when it is whole: no silence between them is too
            // long.
            if (request.streaming()) {
                silence.start(timeouts.streamIdle());
            }
        } else if (request.streaming()) {
            silence.heard();
        }
        ended = progress.ended();
        if (ended) {
            // The timer goes on after the end: it also sees to it that the call itself comes to one.
            silence.start(timeouts.streamIdle());
        }
        listener.onOutput(output);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        silence.stop();
        if (!ended && !deaf) {
            fail(TritonErrors.ofClose(status, answered));
        }
    }

    private void onSilence() {
        fail(TritonErrors.ofSilence(answered));
    }

    /** Has the engine stop its work; nothing more is told. Without effect on a generation that has ended. */
    void cancel() {
        if (!ended) {
            stop();
        }
    }

    private void stop() {
        deaf = true;
        silence.stop();
        call.cancel("no longer wanted", null);
    }

    /**
     * Takes an error with which the engine has ended the request itself. It is not cancelled as well: Triton never lets go of a request
     * whose cancellation crosses its end (seen on 2.51), and then cannot unload the model.
     */
    private void takeEnd(GenerationException error) {
        silence.start(timeouts.streamIdle());
        tell(error);
    }

    private void fail(GenerationException error) {
        stop();
        tell(error);
    }

    private void tell(GenerationException error) {
        deaf = true;
        if (!ended) {
            ended = true;
            listener.onError(error);
        }
    }
}
