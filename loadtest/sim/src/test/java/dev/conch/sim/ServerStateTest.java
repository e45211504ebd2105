package dev.conch.sim;

import static dev.conch.sim.StreamClient.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.conch.proto.health.HealthCheckRequest;
import dev.conch.proto.health.HealthCheckResponse.ServingStatus;
import dev.conch.proto.health.HealthGrpc;
import dev.conch.proto.inference.DataType;
import dev.conch.proto.inference.GRPCInferenceServiceGrpc;
import dev.conch.proto.inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import dev.conch.proto.inference.ModelConfig;
import dev.conch.proto.inference.ModelConfigRequest;
import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.proto.inference.ModelInput;
import dev.conch.proto.inference.ModelMetadataRequest;
import dev.conch.proto.inference.ModelMetadataResponse;
import dev.conch.proto.inference.ModelMetadataResponse.TensorMetadata;
import dev.conch.proto.inference.ModelReadyRequest;
import dev.conch.proto.inference.ServerLiveRequest;
import dev.conch.proto.inference.ServerMetadataRequest;
import dev.conch.proto.inference.ServerReadyRequest;
import dev.conch.sim.script.EngineVariant;
import dev.conch.sim.script.Pace;
import dev.conch.sim.script.Reply;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Calls with one answer, and what the server tells of itself. */
class ServerStateTest extends WireTest {
    private GRPCInferenceServiceBlockingStub stub(EngineVariant variant) {
        return stub(start(SimulatedTriton.builder().tcp(0).variant(variant)));
    }

    private GRPCInferenceServiceBlockingStub stub(SimulatedTriton triton) {
        return GRPCInferenceServiceGrpc.newBlockingStub(channel(triton));
    }

    private static ModelMetadataResponse metadata(GRPCInferenceServiceBlockingStub stub) {
        return stub.modelMetadata(
                ModelMetadataRequest.newBuilder().setName("tensorrt_llm").build());
    }

    private static ModelReadyRequest readyRequest(String model) {
        return ModelReadyRequest.newBuilder().setName(model).build();
    }

    @Test
    void readinessIsTheTestsToDecide() {
        SimulatedTriton triton = start(SimulatedTriton.builder());
        GRPCInferenceServiceBlockingStub stub = stub(triton);
        for (boolean ready : new boolean[] {true, false}) {
            triton.setReady(ready);
            assertThat(stub.serverReady(ServerReadyRequest.getDefaultInstance()).getReady())
                    .isEqualTo(ready);
            assertThat(stub.modelReady(readyRequest("tensorrt_llm")).getReady()).isEqualTo(ready);
        }
        assertThat(stub.serverLive(ServerLiveRequest.getDefaultInstance()).getLive())
                .isTrue();
    }

    @Test
    void anUnknownModelIsNotReady() {
        assertThat(stub(EngineVariant.conch()).modelReady(readyRequest("m")).getReady())
                .isFalse();
    }

    @Test
    void healthIgnoresTheService() {
        SimulatedTriton triton = start(SimulatedTriton.builder());
        ManagedChannel channel = channel(triton);
        var request = HealthCheckRequest.newBuilder().setService("any").build();
        var health = HealthGrpc.newBlockingStub(channel);
        assertThat(health.check(request).getStatus()).isEqualTo(ServingStatus.SERVING);
        triton.setReady(false);
        assertThat(health.check(request).getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
        assertThatThrownBy(() -> health.watch(request).hasNext()).hasMessageStartingWith("UNIMPLEMENTED");
    }

    @Test
    void metadataHasTheBatchDimension() {
        ModelMetadataResponse metadata = metadata(stub(EngineVariant.conch()));
        assertThat(metadata.getInputsList())
                .filteredOn(tensor -> tensor.getName().equals("stop_words_list"))
                .singleElement()
                .satisfies(tensor -> {
                    assertThat(tensor.getDatatype()).isEqualTo("INT32");
                    assertThat(tensor.getShapeList()).containsExactly(-1L, 2L, -1L);
                });
    }

    @Test
    void metadataTellsTheVariantsApart() {
        assertThat(metadata(stub(EngineVariant.conch())).getOutputsList())
                .extracting(TensorMetadata::getName)
                .contains("finish_reason", "cached_tokens");
        assertThat(metadata(stub(EngineVariant.conch().withoutFinishReason())).getOutputsList())
                .extracting(TensorMetadata::getName)
                .contains("cached_tokens")
                .doesNotContain("finish_reason");
        ModelMetadataResponse old = metadata(stub(EngineVariant.tensorRtLlmWithOldNames()));
        assertThat(old.getInputsList())
                .extracting(TensorMetadata::getName)
                .contains("random_seed", "min_length")
                .doesNotContain("seed", "min_tokens", "min_p");
        assertThat(old.getOutputsList()).extracting(TensorMetadata::getName).doesNotContain("cached_tokens");
    }

    @Test
    void theConfigurationLeavesTheBatchDimensionOut() {
        ModelConfig config = stub(EngineVariant.conch())
                .modelConfig(
                        ModelConfigRequest.newBuilder().setName("tensorrt_llm").build())
                .getConfig();
        assertThat(config.getModelTransactionPolicy().getDecoupled()).isTrue();
        assertThat(config.getParametersOrThrow("max_seq_len").getStringValue()).isEqualTo("8192");
        assertThat(config.getInputList())
                .filteredOn(input -> !input.getOptional())
                .hasSize(2);
        ModelInput endId = config.getInputList().stream()
                .filter(input -> input.getName().equals("end_id"))
                .findFirst()
                .orElseThrow();
        assertThat(endId.getDimsList()).containsExactly(1L);
        assertThat(endId.hasReshape()).isTrue();
        assertThat(endId.getDataType()).isEqualTo(DataType.TYPE_INT32);
    }

    @Test
    void unknownModelsHaveNoDescription() {
        var request = ModelMetadataRequest.newBuilder().setName("m").build();
        assertThatThrownBy(() -> stub(EngineVariant.conch()).modelMetadata(request))
                .hasMessage("NOT_FOUND: Request for unknown model: 'm' is not found");
    }

    @Test
    void aDecoupledModelHasNoUnaryCall() {
        var failure = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> stub(EngineVariant.conch()).modelInfer(ModelInferRequest.getDefaultInstance()));
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
        assertThat(failure).hasMessageContaining("decoupled");
    }

    @Test
    void theServerHasAName() {
        assertThat(stub(EngineVariant.conch())
                        .serverMetadata(ServerMetadataRequest.getDefaultInstance())
                        .getName())
                .isEqualTo("simulated-triton");
    }

    @Test
    void aTakenPortIsAnError() {
        SimulatedTriton first = start(SimulatedTriton.builder().tcp(0));
        assertThatThrownBy(() ->
                        SimulatedTriton.builder().tcp(first.port()).start().close())
                .isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void requestsAreRemembered() throws Exception {
        SimulatedTriton triton = start(SimulatedTriton.builder());
        ManagedChannel channel = channel(triton);
        for (int i = 0; i < 300; i++) {
            StreamClient.open(channel)
                    .sendOnly(Requests.streaming("r" + i, 1, i + 1))
                    .rest();
        }
        assertThat(triton.requests()).hasSize(256);
        assertThat(triton.lastRequest().id()).isEqualTo("r299");
        assertThat(triton.lastRequest().tensor("input_ids").ints()).containsExactly(300);
        assertThat(triton.awaitRequests(300, TIMEOUT).completed()).isEqualTo(300);
    }

    @Test
    void anUnfulfilledWishNamesTheCounts() {
        SimulatedTriton triton = start(SimulatedTriton.builder());
        assertThatThrownBy(() -> triton.awaitLive(1, Duration.ZERO))
                .isInstanceOf(AssertionError.class)
                .hasMessage("Counts[requests=0, refused=0, live=0, peakLive=0, completed=0, failed=0, cancelled=0]"
                        + " (expected: live=1 within PT0S)");
    }

    @Test
    void thePeakIsKept() throws Exception {
        SimulatedTriton triton =
                start(SimulatedTriton.builder().pace(Pace.manual()).reply(Reply.generated()));
        StreamClient client = open(triton).send(Requests.streaming("a", 1, 5)).send(Requests.streaming("b", 1, 5));
        triton.awaitLive(2, TIMEOUT);
        triton.step();
        client.next();
        assertThat(triton.awaitLive(0, TIMEOUT).peakLive()).isEqualTo(2);
    }
}
