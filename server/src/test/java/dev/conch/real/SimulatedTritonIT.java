package dev.conch.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.proto.inference.GRPCInferenceServiceGrpc;
import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.proto.inference.ModelMetadataRequest;
import dev.conch.proto.inference.ModelMetadataResponse;
import dev.conch.sim.SimulatedTriton;
import dev.conch.sim.engine.EngineLimits;
import dev.conch.sim.engine.KvCacheSize;
import dev.conch.sim.script.EngineVariant;
import dev.conch.sim.script.FinalForm;
import dev.conch.sim.script.Reply;
import dev.conch.sim.tensor.Tensor;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The simulated Triton beside the real one with the CPU model: the same requests to both, and but for the ids the same responses. Who tests
 * against the simulated one can rely on this.
 */
@ExtendWith(LiveServer.class)
class SimulatedTritonIT {
    private static final int[] PROMPT = {504, 4165, 314, 253};
    private static final int VOCABULARY = 49_152;

    /** Inputs beside a prompt for six tokens, one request each. */
    static final List<List<Tensor>> ANSWERED = List.of(
            List.of(),
            List.of(Tensor.bool("streaming", true)),
            List.of(Tensor.bool("streaming", false), Tensor.bool("exclude_input_in_output", false)),
            List.of(Tensor.bool("streaming", true), Tensor.bool("exclude_input_in_output", false)),
            List.of(Tensor.bool("streaming", true), Tensor.bool("return_log_probs", true)),
            List.of(Tensor.bool("streaming", true), Tensor.int32("num_logprobs", 3)),
            List.of(Tensor.bool("return_log_probs", true), Tensor.int32("num_logprobs", 2)),
            List.of(Tensor.int32("num_logprobs", 20)),
            List.of(
                    Tensor.bool("streaming", true),
                    Tensor.bool("return_num_input_tokens", true),
                    Tensor.bool("return_num_output_tokens", true)),
            List.of(Tensor.int32("end_id", -1), Tensor.int32("min_tokens", 3), Tensor.uint64("seed", 7)),
            List.of(Tensor.fp32Row("temperature", 0.5f), Tensor.int32("runtime_top_k", 5)));

    /** Inputs that are refused, beside or in place of those of a good request. */
    static final List<List<Tensor>> REFUSED = List.of(
            List.of(Tensor.int32("input_lengths", 99)),
            List.of(Tensor.int32("input_lengths", 0)),
            List.of(Tensor.int32("request_output_len", 0)),
            List.of(Tensor.int32("beam_width", 2)),
            List.of(Tensor.bool("return_context_logits", true)),
            List.of(Tensor.fp32Row("embedding_bias", 1f)),
            List.of(Tensor.int32s("stop_words_list", List.of(1L, 2L, 2L), 5, 6, 2, 1)),
            List.of(Tensor.int32s("stop_words_list", List.of(1L, 2L, 2L), 5, 6, 3, -1)),
            List.of(Tensor.int32s("stop_words_list", List.of(1L, 2L, 2L), 5, 6, -1, 9)),
            List.of(Tensor.int32s("end_id", List.of(1L), 2)),
            List.of(Tensor.bool("stop", true)),
            List.of(Tensor.bytes("guided_decoding_guide_type", "x"), Tensor.bytes("guided_decoding_guide", "y")),
            List.of(Tensor.bytes("guided_decoding_guide_type", "regex")),
            List.of(Tensor.bytes("guided_decoding_guide", "a*")),
            List.of(Tensor.int32s("bad_words_list", List.of(1L, 2L, 1L), VOCABULARY, 1)),
            List.of(Tensor.int32s("bad_words_list", List.of(1L, 2L, 1L), 5, 2)),
            List.of(Tensor.fp32Row("temperature", -0.25f)),
            List.of(Tensor.fp32Row("temperature", Float.NaN)),
            List.of(Tensor.fp32Row("runtime_top_p", 1.1f)),
            List.of(Tensor.int32("runtime_top_k", 1_000_000)),
            List.of(Tensor.fp32Row("repetition_penalty", 0)),
            List.of(Tensor.fp32Row("presence_penalty", Float.POSITIVE_INFINITY)),
            List.of(Tensor.fp32Row("frequency_penalty", Float.NEGATIVE_INFINITY)),
            List.of(Tensor.fp32Row("min_p", 1.000_01f)),
            List.of(Tensor.int32("min_tokens", -1)),
            List.of(Tensor.int32("num_return_sequences", 257)),
            List.of(Tensor.int32("num_logprobs", 101)),
            List.of(Tensor.int32("no_repeat_ngram_size", 65)),
            List.of(Tensor.int32("end_id", VOCABULARY)),
            List.of(Tensor.int32("pad_id", -2)),
            List.of(Tensor.int32Row("input_ids", 5, VOCABULARY, 7, 8)),
            List.of(Tensor.fp32Row("embedding_bias", biasWithoutNumber())),
            List.of(Tensor.int32("seed", 1)),
            List.of(Tensor.int32Row("temperature", 1)),
            List.of(Tensor.fp32Row("temperature", 1f, 2f)),
            List.of(Tensor.int32("no_such_tensor", 1)),
            List.of(
                    Tensor.int32Row("input_ids", IntStream.range(0, 4_096).toArray()),
                    Tensor.int32("input_lengths", 4_096)));

    private static ManagedChannel real;
    private static SimulatedTriton triton;
    private static ManagedChannel simulated;

    @SuppressWarnings("NullAway.Init")
    SimulatedTritonIT() {}

    @BeforeAll
    static void connect(RealTriton live) {
        real = ManagedChannelBuilder.forAddress("127.0.0.1", live.grpcPort())
                .usePlaintext()
                .build();
        triton = SimulatedTriton.builder()
                .variant(EngineVariant.conch().withFinalForm(FinalForm.WITH_LAST_TOKEN))
                .limits(new EngineLimits(
                        4_096,
                        VOCABULARY,
                        16,
                        1_000,
                        KvCacheSize.ofBlocks(1_024, 64).withReuse()))
                .start();
        simulated = triton.channel().build();
    }

    @AfterAll
    static void disconnect() {
        real.shutdownNow();
        simulated.shutdownNow();
        triton.close();
    }

    private static float[] biasWithoutNumber() {
        float[] bias = new float[VOCABULARY];
        bias[7] = Float.NaN;
        return bias;
    }

    private static ModelInferRequest request(List<Tensor> others, int... prompt) {
        List<Tensor> inputs = new ArrayList<>(List.of(
                Tensor.int32Row("input_ids", prompt),
                Tensor.int32("input_lengths", prompt.length),
                Tensor.int32("request_output_len", 6)));
        for (Tensor other : others) {
            inputs.removeIf(input -> input.name().equals(other.name()));
            inputs.add(other);
        }
        boolean isStop = others.stream().anyMatch(other -> other.name().equals("stop"));
        return EngineResponses.request(isStop ? "" : "r", List.of(), inputs.toArray(Tensor[]::new));
    }

    @ParameterizedTest
    @FieldSource("ANSWERED")
    void responsesLookAlike(List<Tensor> inputs) {
        EngineResponses expected = EngineResponses.of(real, request(inputs, PROMPT));
        EngineResponses actual = EngineResponses.of(simulated, request(inputs, PROMPT));
        assertThat(expected.errors()).isEmpty();
        assertThat(actual.forms()).isEqualTo(expected.forms());
        assertThat(actual.ids()).hasSameSizeAs(expected.ids());
        assertThat(actual.number("num_input_tokens")).isEqualTo(expected.number("num_input_tokens"));
    }

    @ParameterizedTest
    @FieldSource("REFUSED")
    void refusalsReadAlike(List<Tensor> inputs) {
        EngineResponses expected = EngineResponses.of(real, request(inputs, PROMPT));
        assertThat(expected.errors()).hasSize(1);
        assertThat(EngineResponses.of(simulated, request(inputs, PROMPT)).errors())
                .isEqualTo(expected.errors());
    }

    /** What of these a submission can say; in its errors no model has a name, and the core says nothing. */
    @ParameterizedTest
    @FieldSource("REFUSED")
    void refusalsOfSubmissionsReadAlike(List<Tensor> inputs) {
        ModelInferRequest submitted = request(inputs, PROMPT);
        List<String> expected = SubmittedRefusal.of(real, submitted);
        assertThat(expected).hasSize(1);
        assertThat(SubmittedRefusal.of(simulated, submitted)).isEqualTo(expected);
    }

    @Test
    void sequencesLookAlike() {
        List<Tensor> two = List.of(Tensor.int32("num_return_sequences", 2));
        assertThat(new TreeSet<>(
                        EngineResponses.of(simulated, request(two, PROMPT)).forms()))
                .isEqualTo(new TreeSet<>(
                        EngineResponses.of(real, request(two, PROMPT)).forms()));
    }

    @Test
    void onlyListedOutputsAreSent() {
        ModelInferRequest request = EngineResponses.request(
                "r",
                List.of("output_ids", "sequence_length", "cum_log_probs"),
                Tensor.int32Row("input_ids", PROMPT),
                Tensor.int32("input_lengths", PROMPT.length),
                Tensor.int32("request_output_len", 2));
        assertThat(EngineResponses.of(simulated, request).forms())
                .isEqualTo(EngineResponses.of(real, request).forms());
    }

    /** The simulated answer is scripted: tokens of its own making are never the end id. */
    @ParameterizedTest
    @ValueSource(strings = {"end_id", "stop_words_list"})
    void endsAreToldAlike(String by) {
        Reply said = Reply.ofTokens(11, 12, 13, 14, 15, 16);
        triton.enqueue(said, said);
        assertThat(ended(simulated, by)).isEqualTo(ended(real, by));
    }

    /** Asks a second time, with the fourth token of the first answer as what ends it. */
    private static List<String> ended(ManagedChannel channel, String by) {
        List<Integer> ids =
                EngineResponses.of(channel, request(List.of(), PROMPT)).ids();
        int fourth = ids.get(ids.size() - 3);
        Tensor end = by.equals("end_id") ? Tensor.int32(by, fourth) : Tensor.int32s(by, List.of(1L, 2L, 1L), fourth, 1);
        return EngineResponses.of(channel, request(List.of(end), PROMPT)).forms();
    }

    @Test
    void cachedTokensFollowTheSameRule() {
        assertThat(cachedTokens(simulated)).isEqualTo(cachedTokens(real)).startsWith(0, 192);
    }

    /** Of a prompt, of the same one again, of one that begins with it and its answer, of one that begins with half of it. */
    private static List<Integer> cachedTokens(ManagedChannel channel) {
        int[] prompt = IntStream.range(0, 200).map(i -> 7_000 + 31 * i).toArray();
        Tensor without = Tensor.bool("exclude_input_in_output", true);
        EngineResponses first = EngineResponses.of(channel, request(List.of(without), prompt));
        int[] longer = Stream.of(Arrays.stream(prompt).boxed().toList(), first.ids(), List.of(5, 6))
                .flatMap(List::stream)
                .mapToInt(Integer::intValue)
                .toArray();
        int[] half = IntStream.range(0, 200).map(i -> i < 100 ? prompt[i] : 9).toArray();
        return Stream.concat(
                        Stream.of(first),
                        Stream.of(prompt, longer, half)
                                .map(again -> EngineResponses.of(channel, request(List.of(without), again))))
                .map(responses -> responses.number("cached_tokens"))
                .toList();
    }

    @Test
    void metadataIsTheSame() {
        assertThat(metadata(simulated)).isEqualTo(metadata(real));
    }

    private static SortedSet<String> metadata(ManagedChannel channel) {
        ModelMetadataResponse metadata = GRPCInferenceServiceGrpc.newBlockingStub(channel)
                .modelMetadata(ModelMetadataRequest.newBuilder()
                        .setName("tensorrt_llm")
                        .build());
        SortedSet<String> tensors = new TreeSet<>();
        metadata.getInputsList().forEach(input -> tensors.add("in " + input));
        metadata.getOutputsList().forEach(output -> tensors.add("out " + output));
        return tensors;
    }
}
