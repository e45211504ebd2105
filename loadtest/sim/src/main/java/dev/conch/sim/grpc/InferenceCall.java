package dev.conch.sim.grpc;

import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.sim.engine.Engine;
import dev.conch.sim.engine.Generation;
import dev.conch.sim.engine.Ledger;
import dev.conch.sim.engine.ResponseSink;
import dev.conch.sim.script.Reply;
import dev.conch.sim.subscription.Subscriptions;
import dev.conch.sim.tensor.ReceivedRequest;
import dev.conch.sim.tensor.RequestCheck;
import dev.conch.sim.tensor.ResponseEncoder;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * One {@code ModelStreamInfer} call. Requests come in on gRPC's thread and responses leave on the engine's; a cancelled call
 * cancels all its requests at once, on the thread that hears of it. As in Triton, responses to a slow reader pile up.
 */
final class InferenceCall implements StreamObserver<ModelInferRequest>, ResponseSink {
    private final RequestCheck check;
    private final Engine engine;
    private final Ledger ledger;
    private final Function<ReceivedRequest, Reply> replies;
    private final Subscriptions subscriptions;
    private final ServerCallStreamObserver<byte[]> responses;
    private final Set<Generation> live = ConcurrentHashMap.newKeySet();
    private volatile boolean halfClosed;
    private volatile boolean closed;

    InferenceCall(
            RequestCheck check,
            Engine engine,
            Ledger ledger,
            Function<ReceivedRequest, Reply> replies,
            Subscriptions subscriptions,
            ServerCallStreamObserver<byte[]> responses) {
        this.check = check;
        this.engine = engine;
        this.ledger = ledger;
        this.replies = replies;
        this.subscriptions = subscriptions;
        this.responses = responses;
        responses.setOnCancelHandler(this::cancelled);
    }

    @Override
    public void onNext(ModelInferRequest message) {
        ReceivedRequest request = new ReceivedRequest(message);
        Optional<String> refusal = check.refusal(message);
        if (refusal.isEmpty() && Subscriptions.concerns(request)) {
            subscriptions.accept(request, this);
            return;
        }
        ledger.received(request);
        if (refusal.isPresent()) {
            byte[] response = new ResponseEncoder(message.getModelName(), message.getId()).refusal(refusal.get());
            engine.execute(() -> refuse(response));
        } else {
            engine.submit(request, replies.apply(request), this);
        }
    }

    /** Running requests finish first. */
    @Override
    public void onCompleted() {
        engine.execute(() -> {
            halfClosed = true;
            closeIfDone();
        });
    }

    @Override
    public void onError(Throwable cause) {
        cancelled();
    }

    @Override
    public void started(Generation generation) {
        live.add(generation);
    }

    @Override
    public void ended(Generation generation) {
        live.remove(generation);
        engine.execute(this::closeIfDone);
    }

    @Override
    public void send(byte[] response) {
        if (!closed) {
            responses.onNext(response);
        }
    }

    @Override
    public void close(Status status) {
        if (closed) {
            return;
        }
        closed = true;
        if (status.isOk()) {
            responses.onCompleted();
        } else {
            responses.onError(status.asRuntimeException());
        }
        List.copyOf(live).forEach(Generation::breakOff);
        subscriptions.callEnded(this, false);
    }

    private void refuse(byte[] response) {
        ledger.refused();
        send(response);
    }

    private void closeIfDone() {
        if (halfClosed && live.isEmpty() && !subscriptions.liveOn(this)) {
            close(Status.OK);
        }
    }

    private void cancelled() {
        closed = true;
        List.copyOf(live).forEach(Generation::cancel);
        subscriptions.callEnded(this, true);
    }
}
