package dev.conch.engine.triton;

import dev.conch.proto.inference.ModelInferRequest;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;

/**
 * One request on its own stream: send it, half-close, and pass on what comes until the final response. Everything happens on the
 * request's event loop, so nothing here is locked.
 */
final class TritonStream extends ClientCall.Listener<InputStream>
        implements EngineRoute.Exchange, AnswerDelivery.Source {
    private final EngineRoute.Attempt attempt;
    private final TritonTimeouts timeouts;
    private final AnswerDelivery delivery;
    private final ResponseParser parser;
    private final ClientCall<ModelInferRequest, InputStream> call;

    TritonStream(EngineRoute.Attempt attempt, TritonTimeouts timeouts) {
        this.attempt = attempt;
        this.timeouts = timeouts;
        this.delivery = new AnswerDelivery(attempt, timeouts, this);
        this.parser = new ResponseParser(attempt.request().id());
        this.call =
                attempt.replica().newCall(StreamMethod.DESCRIPTOR, CallOptions.DEFAULT.withExecutor(attempt.loop()));
    }

    @Override
    public void begin() {
        delivery.begin();
        call.start(this, TraceHeaders.of(attempt.request().trace()));
        if (delivery.isDeaf()) {
            // A channel that cannot connect may say so within the call.
            return;
        }
        call.sendMessage(attempt.message());
        call.halfClose();
        // Tokens are pushed on: what holds them back, if need be, is the client's connection.
        call.request(Integer.MAX_VALUE);
    }

    @Override
    public void onMessage(InputStream message) {
        if (delivery.isDeaf()) {
            return;
        }
        try {
            delivery.receive(parser.parse(message));
        } catch (IOException brokenContract) {
            delivery.fail(TritonErrors.ofBrokenContract(brokenContract));
        }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        delivery.lost(status);
    }

    @Override
    public void cancel() {
        delivery.cancel();
    }

    @Override
    public void abandon() {
        call.cancel("no longer wanted", null);
    }

    @Override
    public void ended(SilenceTimer silence) {
        // The timer goes on after the end: it also sees to it that the call itself comes to one.
        silence.start(timeouts.streamIdle());
    }
}
