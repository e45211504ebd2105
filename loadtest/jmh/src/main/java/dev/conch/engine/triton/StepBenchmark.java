package dev.conch.engine.triton;

import com.google.protobuf.ByteString;
import dev.conch.engine.EngineListener;
import dev.conch.engine.EngineOutput;
import dev.conch.generation.GenerationException;
import dev.conch.generation.GenerationRequest;
import dev.conch.generation.SamplingParams;
import dev.conch.generation.StopConditions;
import dev.conch.proto.inference.InferParameter;
import dev.conch.proto.inference.ModelConfig;
import dev.conch.proto.inference.ModelConfigResponse;
import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.proto.inference.ModelInferResponse;
import dev.conch.proto.inference.ModelInferResponse.InferOutputTensor;
import dev.conch.proto.inference.ModelMetadataResponse;
import dev.conch.proto.inference.ModelMetadataResponse.TensorMetadata;
import dev.conch.proto.inference.ModelStreamInferResponse;
import dev.conch.proto.inference.ModelTransactionPolicy;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the engine path costs for each token, from a message's bytes to its listeners: one message for a step of 512 sequences, and 512
 * messages of one token each. gRPC and sockets are not in it. In this package since the classes are nobody else's.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class StepBenchmark {
    static final int SEQUENCES = 512;
    private static final String SUBSCRIPTION = "b0b39e0c-5f4b-4c3c-9f57-d2f8d5b6a3d1";
    private static final TritonTimeouts PATIENT =
            new TritonTimeouts(Duration.ofDays(1), Duration.ofDays(1), Duration.ofDays(1), Duration.ofDays(1));

    /** Adds up what it hears, so that nothing is optimised away. */
    private static final class Sum implements EngineListener {
        private long tokens;

        @Override
        public void onPromptRead(int cachedTokens) {}

        @Override
        public void onOutput(EngineOutput output) {
            tokens += output.tokenIds()[0];
        }

        @Override
        public void onError(GenerationException error) {
            throw error;
        }
    }

    /** Nothing is sent in this benchmark. */
    private static final class NoChannel extends Channel {
        @Override
        public <A, B> ClientCall<A, B> newCall(MethodDescriptor<A, B> method, CallOptions options) {
            throw new UnsupportedOperationException(method.getFullMethodName());
        }

        @Override
        public String authority() {
            return "nobody";
        }
    }

    /** A step, as many single messages, and the generations that they are about. */
    @State(Scope.Benchmark)
    public static class Running {
        private final Sum sum = new Sum();
        private final StepParser stepParser = new StepParser(SUBSCRIPTION);
        private final HandleTable table = new HandleTable();
        private final ResponseParser[] parsers = new ResponseParser[SEQUENCES];
        private final AnswerDelivery[] deliveries = new AnswerDelivery[SEQUENCES];
        private final byte[][] single = new byte[SEQUENCES][];
        private byte[] step = {};

        /** Makes the messages. */
        @Setup(Level.Trial)
        public void start() throws IOException {
            ModelCapabilities model = model();
            ByteBuffer handles = bytes(Long.BYTES * SEQUENCES);
            for (int i = 0; i < SEQUENCES; i++) {
                String id = "chatcmpl-" + i;
                var attempt = attempt(id, model);
                handles.putLong(table.add(
                        new SubscribedExchange(
                                attempt,
                                _ -> {
                                    throw new IllegalStateException("not opened");
                                },
                                PATIENT),
                        null));
                parsers[i] = new ResponseParser(id);
                deliveries[i] = new AnswerDelivery(attempt(id, model), PATIENT, new Nobody());
                single[i] = single(id, 1_000 + i);
            }
            step = step(handles);
        }

        private EngineRoute.Attempt attempt(String id, ModelCapabilities model) {
            var request = new GenerationRequest(
                    id,
                    "tensorrt_llm",
                    new int[] {1},
                    SamplingParams.DEFAULT,
                    StopConditions.of(Integer.MAX_VALUE, List.of(2), List.of()),
                    1,
                    null,
                    true);
            return new EngineRoute.Attempt(
                    request,
                    ModelInferRequest.getDefaultInstance(),
                    new GenerationProgress(request, 0, model),
                    sum,
                    new RequestLoop(Runnable::run),
                    new NoChannel());
        }
    }

    /** Nobody is told that an answer is not wanted. */
    private static final class Nobody implements AnswerDelivery.Source {
        @Override
        public void abandon() {}

        @Override
        public void ended(SilenceTimer silence) {}
    }

    @Benchmark
    @OperationsPerInvocation(SEQUENCES)
    public long step(Running running) throws IOException {
        running.stepParser.parse(new ByteArrayInputStream(running.step));
        StepNews news = running.stepParser.news();
        while (news.next()) {
            SubscribedExchange exchange = running.table.find(news.handle());
            if (exchange != null) {
                exchange.receive(news);
            }
        }
        return running.sum.tokens;
    }

    @Benchmark
    @OperationsPerInvocation(SEQUENCES)
    public long singleResponses(Running running) throws IOException {
        for (int i = 0; i < SEQUENCES; i++) {
            running.deliveries[i].receive(running.parsers[i].parse(new ByteArrayInputStream(running.single[i])));
        }
        return running.sum.tokens;
    }

    private static byte[] step(ByteBuffer handles) {
        ByteBuffer counts = bytes(Integer.BYTES * SEQUENCES);
        ByteBuffer ids = bytes(Integer.BYTES * SEQUENCES);
        for (int i = 0; i < SEQUENCES; i++) {
            counts.putInt(1);
            ids.putInt(1_000 + i);
        }
        var response = response(SUBSCRIPTION);
        add(response, "step", "INT64", bytes(Long.BYTES).putLong(1), 1, 1);
        add(response, "step_handles", "UINT64", handles, 1, SEQUENCES);
        add(response, "step_counts", "INT32", counts, 1, SEQUENCES);
        add(response, "step_ids", "INT32", ids, 1, SEQUENCES);
        return message(response);
    }

    private static byte[] single(String id, int token) {
        var response = response(id);
        add(response, "output_ids", "INT32", bytes(Integer.BYTES).putInt(token), 1, 1, 1);
        add(response, "sequence_length", "INT32", bytes(Integer.BYTES).putInt(1), 1, 1);
        return message(response);
    }

    private static ModelInferResponse.Builder response(String id) {
        return ModelInferResponse.newBuilder()
                .setModelName("tensorrt_llm")
                .setModelVersion("1")
                .setId(id)
                .putParameters(
                        "triton_final_response",
                        InferParameter.newBuilder().setBoolParam(false).build());
    }

    private static void add(
            ModelInferResponse.Builder response, String name, String datatype, ByteBuffer data, long... shape) {
        var output = InferOutputTensor.newBuilder().setName(name).setDatatype(datatype);
        for (long dimension : shape) {
            output.addShape(dimension);
        }
        response.addOutputs(output).addRawOutputContents(ByteString.copyFrom(data.flip()));
    }

    private static byte[] message(ModelInferResponse.Builder response) {
        return ModelStreamInferResponse.newBuilder()
                .setInferResponse(response)
                .build()
                .toByteArray();
    }

    private static ByteBuffer bytes(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ModelCapabilities model() throws IOException {
        var metadata = ModelMetadataResponse.newBuilder().addVersions("1").setPlatform("benchmark");
        for (InputTensor tensor : InputTensor.values()) {
            metadata.addInputs(TensorMetadata.newBuilder()
                    .setName(tensor.tensorName())
                    .setDatatype(tensor.datatype().name()));
        }
        for (OutputTensor tensor : OutputTensor.values()) {
            metadata.addOutputs(TensorMetadata.newBuilder()
                    .setName(tensor.tensorName())
                    .setDatatype(tensor.datatype().name()));
        }
        var config = ModelConfig.newBuilder()
                .setModelTransactionPolicy(ModelTransactionPolicy.newBuilder().setDecoupled(true));
        return ModelCapabilities.read(
                metadata.build(),
                ModelConfigResponse.newBuilder().setConfig(config).build());
    }
}
