package dev.conch.sim.engine;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.conch.proto.inference.ModelStreamInferResponse;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;

/** Writes down what the engine sends, and when. */
final class RecordingSink implements ResponseSink {
    private final Scheduler scheduler;
    private final List<String> events = new ArrayList<>();

    RecordingSink(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Such as {@code r@5}: a response to request r at nanosecond 5. */
    List<String> events() {
        return events;
    }

    @Override
    public void started(Generation generation) {}

    @Override
    public void ended(Generation generation) {}

    @Override
    public void send(byte[] response) {
        try {
            String id = ModelStreamInferResponse.parseFrom(response)
                    .getInferResponse()
                    .getId();
            events.add(id + "@" + scheduler.nanoTime());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close(Status status) {
        events.add(status.getCode() + "@" + scheduler.nanoTime());
    }
}
