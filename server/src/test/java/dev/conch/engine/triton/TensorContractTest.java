package dev.conch.engine.triton;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.TextFormat;
import dev.conch.proto.inference.DataType;
import dev.conch.proto.inference.ModelConfig;
import dev.conch.proto.inference.ModelConfigResponse;
import dev.conch.proto.inference.ModelInput;
import dev.conch.proto.inference.ModelMetadataResponse;
import dev.conch.proto.inference.ModelMetadataResponse.TensorMetadata;
import dev.conch.proto.inference.ModelOutput;
import dev.conch.sim.script.EngineVariant;
import dev.conch.sim.tensor.TensorContract;
import dev.conch.sim.tensor.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The tables of this room against every {@code config.pbtxt} of the repository and against the simulated engines: {@link #NAMES} says
 * what each model calls a tensor, and all that is not the same everywhere is written down there. The other half is Python's, which holds
 * the same files to the table of the engines ({@code executor/tensors.py}).
 */
class TensorContractTest {
    private static final Path MODELS = Path.of("../triton-models");
    private static final String NONE = "-";

    /** The name of each tensor in: Conch's own model; NVIDIA's C++ backend from TensorRT-LLM 1.1 on; before. */
    private static final String NAMES = """
            INPUT_IDS                  input_ids                  input_ids                  input_ids
            INPUT_LENGTHS              input_lengths              input_lengths              input_lengths
            REQUEST_OUTPUT_LEN         request_output_len         request_output_len         request_output_len
            END_ID                     end_id                     end_id                     end_id
            STOP_WORDS_LIST            stop_words_list            stop_words_list            stop_words_list
            BAD_WORDS_LIST             bad_words_list             bad_words_list             bad_words_list
            MIN_TOKENS                 min_tokens                 min_tokens                 min_length
            STREAMING                  streaming                  streaming                  streaming
            EXCLUDE_INPUT_IN_OUTPUT    exclude_input_in_output    exclude_input_in_output    exclude_input_in_output
            TEMPERATURE                temperature                temperature                temperature
            RUNTIME_TOP_K              runtime_top_k              runtime_top_k              runtime_top_k
            RUNTIME_TOP_P              runtime_top_p              runtime_top_p              runtime_top_p
            MIN_P                      min_p                      -                          -
            SEED                       seed                       seed                       random_seed
            PRESENCE_PENALTY           presence_penalty           presence_penalty           presence_penalty
            FREQUENCY_PENALTY          frequency_penalty          frequency_penalty          frequency_penalty
            REPETITION_PENALTY         repetition_penalty         repetition_penalty         repetition_penalty
            NO_REPEAT_NGRAM_SIZE       no_repeat_ngram_size       no_repeat_ngram_size       no_repeat_ngram_size
            EMBEDDING_BIAS             embedding_bias             embedding_bias             embedding_bias
            NUM_RETURN_SEQUENCES       num_return_sequences       num_return_sequences       num_return_sequences
            RETURN_LOG_PROBS           return_log_probs           return_log_probs           return_log_probs
            NUM_LOGPROBS               num_logprobs               -                          -
            GUIDED_DECODING_GUIDE_TYPE guided_decoding_guide_type guided_decoding_guide_type guided_decoding_guide_type
            GUIDED_DECODING_GUIDE      guided_decoding_guide      guided_decoding_guide      guided_decoding_guide
            OUTPUT_IDS                 output_ids                 output_ids                 output_ids
            SEQUENCE_LENGTH            sequence_length            sequence_length            sequence_length
            FINISH_REASON              finish_reason              -                          -
            SEQUENCE_INDEX             sequence_index             sequence_index             sequence_index
            OUTPUT_LOG_PROBS           output_log_probs           output_log_probs           output_log_probs
            TOP_LOGPROB_IDS            top_logprob_ids            -                          -
            TOP_LOGPROBS               top_logprobs               -                          -
            CACHED_TOKENS              cached_tokens              -                          -
            """;

    /** What the front end writes each input as, without the batch; all others are one value. */
    private static final Map<InputTensor, List<Long>> DIMENSIONS = Map.of(
            InputTensor.INPUT_IDS, List.of(-1L),
            InputTensor.EMBEDDING_BIAS, List.of(-1L),
            InputTensor.STOP_WORDS_LIST, List.of(2L, -1L),
            InputTensor.BAD_WORDS_LIST, List.of(2L, -1L));

    /** What the front end sends with every request. */
    private static final Set<InputTensor> ALWAYS_SENT =
            Set.of(InputTensor.INPUT_IDS, InputTensor.INPUT_LENGTHS, InputTensor.REQUEST_OUTPUT_LEN);

    /** What the simulation of NVIDIA's backend has and its configuration here does not, since the backend ignores or misreads it. */
    private static final Set<String> SIMULATED_ONLY = Set.of("runtime_top_p_min", "early_stopping");

    /** A model, by its column in {@link #NAMES}. */
    enum Model {
        CONCH(1, "tensorrt_llm/config.pbtxt"),
        NVIDIA(2, "tests/data/nvidia-new-names.pbtxt"),
        NVIDIA_WITH_OLD_NAMES(3, "tests/data/nvidia-old-names.pbtxt");

        private final int column;
        private final ModelConfig config;

        Model(int column, String file) {
            this.column = column;
            this.config = parse(MODELS.resolve(file));
        }

        EngineVariant simulated() {
            return switch (this) {
                case CONCH -> EngineVariant.conch();
                case NVIDIA -> EngineVariant.tensorRtLlm();
                case NVIDIA_WITH_OLD_NAMES -> EngineVariant.tensorRtLlmWithOldNames();
            };
        }

        /** What a tensor of this room is called here; {@link #NONE} if there is none. */
        String nameOf(Enum<?> tensor) {
            return TensorContractTest.names(tensor).get(column);
        }

        Map<String, ModelInput> inputs() {
            return config.getInputList().stream().collect(toMap(ModelInput::getName, input -> input));
        }

        Map<String, ModelOutput> outputs() {
            return config.getOutputList().stream().collect(toMap(ModelOutput::getName, output -> output));
        }

        /** As the front end comes to know it: from Triton's answers, which are made of the file. */
        ModelCapabilities capabilities() throws BrokenContractException {
            var metadata = ModelMetadataResponse.newBuilder();
            config.getInputList().forEach(each -> metadata.addInputs(metadata(each.getName(), each.getDataType())));
            config.getOutputList().forEach(each -> metadata.addOutputs(metadata(each.getName(), each.getDataType())));
            return ModelCapabilities.read(
                    metadata.build(),
                    ModelConfigResponse.newBuilder().setConfig(config).build());
        }

        private static TensorMetadata metadata(String name, DataType type) {
            return TensorMetadata.newBuilder()
                    .setName(name)
                    .setDatatype(onTheWire(type))
                    .build();
        }
    }

    private static ModelConfig parse(Path file) {
        try {
            return TextFormat.parse(Files.readString(file), ModelConfig.class);
        } catch (IOException e) {
            throw new IllegalStateException(file.toString(), e);
        }
    }

    private static String onTheWire(DataType type) {
        return type == DataType.TYPE_STRING ? "BYTES" : type.name().substring("TYPE_".length());
    }

    private static List<String> names(Enum<?> tensor) {
        List<List<String>> rows = NAMES.lines()
                .map(line -> List.of(line.strip().split(" +")))
                .filter(row -> row.getFirst().equals(tensor.name()))
                .toList();
        assertThat(rows).as("rows of %s", tensor).hasSize(1);
        return rows.getFirst();
    }

    static Stream<Enum<?>> tensors() {
        return Stream.concat(Arrays.stream(InputTensor.values()), Arrays.stream(OutputTensor.values()));
    }

    /** Both ways: no model has an input that the table denies. */
    @ParameterizedTest
    @EnumSource
    void inputsAreCalledAsTheTableSays(Model model) throws BrokenContractException {
        ModelCapabilities capabilities = model.capabilities();
        for (InputTensor tensor : InputTensor.values()) {
            String found = capabilities.nameOf(tensor);
            assertThat(found == null ? NONE : found).as(tensor.name()).isEqualTo(model.nameOf(tensor));
        }
    }

    @ParameterizedTest
    @EnumSource
    void outputsAreThereAsTheTableSays(Model model) throws BrokenContractException {
        ModelCapabilities capabilities = model.capabilities();
        for (OutputTensor tensor : OutputTensor.values()) {
            String found = capabilities.has(tensor) ? tensor.tensorName() : NONE;
            assertThat(found).as(tensor.name()).isEqualTo(model.nameOf(tensor));
        }
    }

    @ParameterizedTest
    @EnumSource
    void inputsAreDeclaredAsTheyAreWritten(Model model) {
        Map<String, ModelInput> declared = model.inputs();
        for (InputTensor tensor : InputTensor.values()) {
            if (!model.nameOf(tensor).equals(NONE)) {
                ModelInput input = Objects.requireNonNull(declared.get(model.nameOf(tensor)));
                assertThat(onTheWire(input.getDataType()))
                        .isEqualTo(tensor.datatype().name());
                assertThat(input.getDimsList())
                        .as(tensor.name())
                        .isEqualTo(DIMENSIONS.getOrDefault(tensor, List.of(1L)));
                assertThat(input.getOptional() || ALWAYS_SENT.contains(tensor))
                        .as("%s may be left out", tensor)
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingElseIsRequired(Model model) {
        Set<String> required = new HashSet<>(model.inputs().keySet());
        required.removeIf(
                name -> Objects.requireNonNull(model.inputs().get(name)).getOptional());
        assertThat(required).containsExactlyInAnyOrder("input_lengths", "request_output_len");
    }

    @ParameterizedTest
    @EnumSource
    void outputsAreDeclaredAsTheyAreRead(Model model) {
        Map<String, ModelOutput> declared = model.outputs();
        for (OutputTensor tensor : OutputTensor.values()) {
            if (!model.nameOf(tensor).equals(NONE)) {
                ModelOutput output = Objects.requireNonNull(declared.get(tensor.tensorName()));
                assertThat(onTheWire(output.getDataType()))
                        .isEqualTo(tensor.datatype().name());
                assertThat(output.getDimsCount()).as(tensor.name()).isEqualTo(tensor.rank() - 1);
            }
        }
    }

    /** The simulation plays no model that there is not; what it leaves out, its {@link TensorContract} says. */
    @ParameterizedTest
    @EnumSource
    void theSimulationDeclaresTheSame(Model model) {
        TensorContract simulated = TensorContract.of(model.simulated());
        Map<String, TensorSpec> declared = specs(model);
        assertThat(Stream.concat(simulated.inputs().stream(), simulated.outputs().stream())
                        .filter(spec -> model == Model.CONCH || !SIMULATED_ONLY.contains(spec.name())))
                .isSubsetOf(declared.values());
        assertThat(tensors().map(model::nameOf).filter(name -> !name.equals(NONE)))
                .filteredOn(name -> simulated.input(name).isEmpty()
                        && simulated.output(name).isEmpty())
                .as("what the front end uses and the simulation lacks")
                .isSubsetOf("no_repeat_ngram_size");
    }

    private static Map<String, TensorSpec> specs(Model model) {
        Map<String, TensorSpec> specs = new LinkedHashMap<>();
        model.inputs()
                .forEach((name, input) -> specs.put(
                        "input " + name,
                        new TensorSpec(
                                name,
                                dev.conch.sim.tensor.Datatype.valueOf(onTheWire(input.getDataType())),
                                input.getDimsList(),
                                input.hasReshape(),
                                input.getOptional())));
        model.outputs()
                .forEach((name, output) -> specs.put(
                        "output " + name,
                        new TensorSpec(
                                name,
                                dev.conch.sim.tensor.Datatype.valueOf(onTheWire(output.getDataType())),
                                output.getDimsList(),
                                output.hasReshape(),
                                true)));
        return specs;
    }

    @ParameterizedTest
    @EnumSource
    void aFrontEndIsToldTheLimits(Model model) throws BrokenContractException {
        ModelCapabilities capabilities = model.capabilities();
        assertThat(capabilities.maxSequenceLength()).isEqualTo(4096);
        assertThat(capabilities.vocabSize()).isEqualTo(49152);
        assertThat(capabilities.minTokensBansStopWords()).isEqualTo(model == Model.CONCH);
        assertThat(capabilities.guidesBy(Guide.Type.JSON)).isEqualTo(model == Model.CONCH);
    }

    @ParameterizedTest
    @MethodSource("tensors")
    void everyTensorHasARow(Enum<?> tensor) {
        assertThat(names(tensor)).hasSize(1 + Model.values().length);
    }

    @Test
    void noRowIsWithoutATensor() {
        assertThat(NAMES.lines()).hasSize((int) tensors().count());
    }

    @ParameterizedTest
    @EnumSource
    void aCommandIsDeclaredAsItIsWritten(CommandTensor tensor) {
        boolean many = tensor == CommandTensor.SUBMISSIONS || tensor == CommandTensor.HANDLES;
        ModelInput declared = Objects.requireNonNull(Model.CONCH.inputs().get(tensor.tensorName()));
        assertThat(onTheWire(declared.getDataType()))
                .isEqualTo(tensor.datatype().name());
        assertThat(declared.getDimsList()).containsExactly(many ? -1L : 1L);
    }

    @ParameterizedTest
    @EnumSource
    void aStepIsDeclaredAsItIsRead(StepTensor tensor) {
        ModelOutput declared = Objects.requireNonNull(Model.CONCH.outputs().get(tensor.tensorName()));
        assertThat(onTheWire(declared.getDataType()))
                .isEqualTo(tensor.datatype().name());
        assertThat(declared.getDimsList()).containsExactly(tensor == StepTensor.STEP ? 1L : -1L);
    }

    @Test
    void noTwoTensorsShareAName() {
        assertThat(Stream.concat(
                        Arrays.stream(InputTensor.values()).flatMap(InputTensor::names),
                        Arrays.stream(OutputTensor.values()).map(OutputTensor::tensorName)))
                .doesNotHaveDuplicates();
    }
}
