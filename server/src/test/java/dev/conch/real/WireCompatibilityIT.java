package dev.conch.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.conch.proto.health.HealthCheckRequest;
import dev.conch.proto.health.HealthCheckResponse.ServingStatus;
import dev.conch.proto.health.HealthGrpc;
import dev.conch.proto.inference.GRPCInferenceServiceGrpc;
import dev.conch.proto.inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingV2Stub;
import dev.conch.proto.inference.InferParameter;
import dev.conch.proto.inference.ModelConfig;
import dev.conch.proto.inference.ModelConfigRequest;
import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.proto.inference.ModelInferRequest.InferInputTensor;
import dev.conch.proto.inference.ModelInferResponse;
import dev.conch.proto.inference.ModelMetadataRequest;
import dev.conch.proto.inference.ModelMetadataResponse;
import dev.conch.proto.inference.ModelMetadataResponse.TensorMetadata;
import dev.conch.proto.inference.ModelStreamInferResponse;
import dev.conch.proto.inference.ServerMetadataRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.BlockingClientCall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Our protos, spoken with the real server. */
class WireCompatibilityIT {
    private static final String MODEL = "tensorrt_llm";

    private static RealTriton triton;
    private static ManagedChannel channel;
    private static GRPCInferenceServiceBlockingV2Stub stub;

    @SuppressWarnings("NullAway.Init")
    WireCompatibilityIT() {}

    @BeforeAll
    static void start() {
        triton = new RealTriton();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", triton.grpcPort())
                .usePlaintext()
                .build();
        stub = GRPCInferenceServiceGrpc.newBlockingV2Stub(channel);
    }

    @AfterAll
    static void stop() {
        channel.shutdownNow();
        triton.close();
    }

    @Test
    void serverMetadataAndHealth() throws Exception {
        assertThat(stub.serverMetadata(ServerMetadataRequest.getDefaultInstance())
                        .getVersion())
                .startsWith("2.51");
        assertThat(HealthGrpc.newBlockingV2Stub(channel)
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus())
                .isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void modelMetadata() throws Exception {
        ModelMetadataResponse metadata = stub.modelMetadata(
                ModelMetadataRequest.newBuilder().setName(MODEL).build());
        assertThat(metadata.getInputsList())
                .contains(
                        tensor("input_ids", "INT32", -1, -1),
                        tensor("temperature", "FP32", -1, 1),
                        tensor("stop_words_list", "INT32", -1, 2, -1));
        assertThat(metadata.getOutputsList()).contains(tensor("output_ids", "INT32", -1, -1, -1));
    }

    private static TensorMetadata tensor(String name, String datatype, long... shape) {
        var tensor = TensorMetadata.newBuilder().setName(name).setDatatype(datatype);
        for (long dim : shape) {
            tensor.addShape(dim);
        }
        return tensor.build();
    }

    @Test
    void modelConfig() throws Exception {
        ModelConfig config = stub.modelConfig(
                        ModelConfigRequest.newBuilder().setName(MODEL).build())
                .getConfig();
        assertThat(config.getBackend()).isEqualTo("python");
        assertThat(config.getModelTransactionPolicy().getDecoupled()).isTrue();
        assertThat(config.getParametersOrThrow("engine").getStringValue()).isEqualTo("llama_cpp");
    }

    @Test
    void streamInfer() throws Exception {
        BlockingClientCall<ModelInferRequest, ModelStreamInferResponse> call = stub.modelStreamInfer();
        call.write(ModelInferRequest.newBuilder()
                .setModelName(MODEL)
                .setId("wire-1")
                .putParameters(
                        "triton_enable_empty_final_response",
                        InferParameter.newBuilder().setBoolParam(true).build())
                .addInputs(int32("input_ids", 1, 3))
                .addInputs(int32("input_lengths", 1, 1))
                .addInputs(int32("request_output_len", 1, 1))
                .addInputs(InferInputTensor.newBuilder()
                        .setName("streaming")
                        .setDatatype("BOOL")
                        .addShape(1)
                        .addShape(1))
                .addRawInputContents(ints(1, 4093, 198))
                .addRawInputContents(ints(3))
                .addRawInputContents(ints(4))
                .addRawInputContents(ByteString.copyFrom(new byte[] {1}))
                .build());
        call.halfClose();
        List<ModelInferResponse> responses = new ArrayList<>();
        for (ModelStreamInferResponse response = call.read(); response != null; response = call.read()) {
            assertThat(response.getErrorMessage()).isEmpty();
            responses.add(response.getInferResponse());
        }
        assertThat(responses)
                .allSatisfy(response -> assertThat(response.getId()).isEqualTo("wire-1"));
        assertThat(responses.stream()
                        .mapToInt(WireCompatibilityIT::outputLength)
                        .sum())
                .isEqualTo(4);
        assertThat(responses
                        .getLast()
                        .getParametersOrThrow("triton_final_response")
                        .getBoolParam())
                .isTrue();
    }

    private static int outputLength(ModelInferResponse response) {
        for (int i = 0; i < response.getOutputsCount(); i++) {
            if (response.getOutputs(i).getName().equals("output_ids")) {
                return response.getRawOutputContents(i).size() / Integer.BYTES;
            }
        }
        return 0;
    }

    private static InferInputTensor int32(String name, long... shape) {
        var tensor = InferInputTensor.newBuilder().setName(name).setDatatype("INT32");
        for (long dim : shape) {
            tensor.addShape(dim);
        }
        return tensor.build();
    }

    private static ByteString ints(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            bytes.putInt(value);
        }
        return ByteString.copyFrom(bytes.flip());
    }
}
