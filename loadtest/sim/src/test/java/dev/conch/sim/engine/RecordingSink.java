package dev.conch.sim.engine;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.conch.proto.inference.ModelInferResponse;
import dev.conch.proto.inference.ModelStreamInferResponse;
import io.grpc.Status;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Writes down what the engine sends, and when. */
final class RecordingSink implements ResponseSink {
    private final Scheduler scheduler;
    private final List<String> events = new ArrayList<>();
    private final List<ModelStreamInferResponse> responses = new ArrayList<>();
    private final List<Generation> started = new ArrayList<>();

    RecordingSink(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Such as {@code r@5}: a response to request r at nanosecond 5. */
    List<String> events() {
        return events;
    }

    /** The ids of the requests that got a response, in order, once for each. */
    List<String> ids() {
        return events.stream()
                .map(event -> event.substring(0, event.indexOf('@')))
                .toList();
    }

    /** The requests that came alive, in order. */
    List<Generation> started() {
        return started;
    }

    /** The number in the latest response that has this tensor. */
    int lastNumber(String tensor) {
        for (ModelStreamInferResponse response : responses.reversed()) {
            ModelInferResponse tensors = response.getInferResponse();
            for (int i = 0; i < tensors.getOutputsCount(); i++) {
                if (tensors.getOutputs(i).getName().equals(tensor)) {
                    return tensors.getRawOutputContents(i)
                            .asReadOnlyByteBuffer()
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getInt();
                }
            }
        }
        throw new AssertionError(tensor + " in none of " + responses.size() + " responses");
    }

    String lastError() {
        return responses.getLast().getErrorMessage();
    }

    @Override
    public void started(Generation generation) {
        started.add(generation);
    }

    @Override
    public void ended(Generation generation) {}

    @Override
    public void send(byte[] response) {
        try {
            ModelStreamInferResponse message = ModelStreamInferResponse.parseFrom(response);
            responses.add(message);
            events.add(message.getInferResponse().getId() + "@" + scheduler.nanoTime());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close(Status status) {
        events.add(status.getCode() + "@" + scheduler.nanoTime());
    }
}
