package dev.conch.engine.triton;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.conch.proto.inference.InferParameter;
import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.proto.inference.ModelInferRequest.InferInputTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * What a front end says in one subscription. Every request of it has an id of its own, by which its answer is known: the subscription's
 * name for the first, the name and a number for all that follow. Not thread-safe.
 */
final class SubscriptionCommands {
    private static final String SEPARATOR = ":";
    private static final InferParameter TRUE =
            InferParameter.newBuilder().setBoolParam(true).build();
    private static final ByteString YES = ByteString.copyFrom(new byte[] {1});
    private static final ByteString ZERO = ByteString.copyFrom(new byte[Integer.BYTES]);

    private final String name;
    private final String engineModel;
    private final ByteString subscription;
    private int number;

    /** @param name hard to guess: whoever knows it could take part */
    SubscriptionCommands(String name, String engineModel) {
        this.name = name;
        this.engineModel = engineModel;
        this.subscription = text(ByteString.copyFrom(name, UTF_8));
    }

    /** @param window how many steps the engine may send before they are acknowledged */
    ModelInferRequest subscribe(int window) {
        var request = request(name);
        add(request, CommandTensor.SUBSCRIBE, YES, 1);
        add(request, CommandTensor.WINDOW, ints(window), 1);
        return request.build();
    }

    /** @param submissions as {@link Submission} makes them, at least one */
    ModelInferRequest submit(List<ByteString> submissions) {
        List<ByteString> texts =
                submissions.stream().map(SubscriptionCommands::text).toList();
        return command(CommandTensor.SUBMISSIONS, ByteString.copyFrom(texts), submissions.size())
                .build();
    }

    ModelInferRequest stop(List<Long> handles) {
        var request = command(CommandTensor.HANDLES, longs(handles), handles.size());
        add(request, CommandTensor.STOP, YES, 1);
        return request.build();
    }

    /** @param step the last one that was read */
    ModelInferRequest acknowledge(long step) {
        return command(CommandTensor.ACKNOWLEDGED, longs(List.of(step)), 1).build();
    }

    private ModelInferRequest.Builder command(CommandTensor tensor, ByteString content, int elements) {
        var request = request(name + SEPARATOR + ++number);
        add(request, CommandTensor.SUBSCRIPTION, subscription, 1);
        add(request, tensor, content, elements);
        return request;
    }

    private ModelInferRequest.Builder request(String id) {
        var request = ModelInferRequest.newBuilder()
                .setModelName(engineModel)
                .setId(id)
                .putParameters("triton_enable_empty_final_response", TRUE);
        // Triton insists on these two, whatever a request is about.
        add(request, InputTensor.INPUT_LENGTHS.tensorName(), Datatype.INT32, ZERO, 1);
        add(request, InputTensor.REQUEST_OUTPUT_LEN.tensorName(), Datatype.INT32, ZERO, 1);
        return request;
    }

    private static void add(ModelInferRequest.Builder request, CommandTensor tensor, ByteString content, int elements) {
        add(request, tensor.tensorName(), tensor.datatype(), content, elements);
    }

    private static void add(
            ModelInferRequest.Builder request, String name, Datatype datatype, ByteString content, int elements) {
        var input = InferInputTensor.newBuilder()
                .setName(name)
                .setDatatype(datatype.name())
                .addShape(1)
                .addShape(elements);
        request.addInputs(input).addRawInputContents(content);
    }

    private static ByteString text(ByteString utf8) {
        return Submission.length(utf8).concat(utf8);
    }

    private static ByteString ints(int value) {
        return UnsafeByteOperations.unsafeWrap(bytes(Integer.BYTES).putInt(0, value));
    }

    private static ByteString longs(List<Long> values) {
        ByteBuffer bytes = bytes(Long.BYTES * values.size());
        values.forEach(bytes::putLong);
        return UnsafeByteOperations.unsafeWrap(bytes.flip());
    }

    private static ByteBuffer bytes(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
