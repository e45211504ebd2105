package dev.conch.engine.triton;

import dev.conch.engine.EngineCapabilities;
import dev.conch.generation.EngineFeature;
import dev.conch.proto.inference.ModelConfigResponse;
import dev.conch.proto.inference.ModelMetadataResponse;
import dev.conch.proto.inference.ModelMetadataResponse.TensorMetadata;
import dev.conch.proto.inference.ModelParameter;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a loaded model understands, as it says itself: tensors were added and renamed from version to version, so they are found by
 * asking and never by version number. Immutable.
 */
final class ModelCapabilities {
    /** Without these no generation is possible. */
    private static final Set<InputTensor> REQUIRED_INPUTS = EnumSet.of(
            InputTensor.INPUT_IDS,
            InputTensor.INPUT_LENGTHS,
            InputTensor.REQUEST_OUTPUT_LEN,
            InputTensor.END_ID,
            InputTensor.STOP_WORDS_LIST,
            InputTensor.STREAMING);

    private static final Set<OutputTensor> REQUIRED_OUTPUTS =
            EnumSet.of(OutputTensor.OUTPUT_IDS, OutputTensor.SEQUENCE_LENGTH);

    private final Map<InputTensor, String> inputs = new EnumMap<>(InputTensor.class);
    private final Set<OutputTensor> outputs = EnumSet.noneOf(OutputTensor.class);
    private final int vocabSize;
    private final int maxSequenceLength;
    private final boolean minTokensBansStopWords;
    private final Set<Guide.Type> guideTypes;
    private final boolean subscriptions;
    private final String identity;

    private ModelCapabilities(
            Map<String, String> inputs,
            Map<String, String> outputs,
            int vocabSize,
            int maxSequenceLength,
            boolean minTokensBansStopWords,
            Set<Guide.Type> guideTypes,
            String identity) {
        for (InputTensor tensor : InputTensor.values()) {
            tensor.names()
                    .filter(name -> tensor.datatype().name().equals(inputs.get(name)))
                    .findFirst()
                    .ifPresent(name -> this.inputs.put(tensor, name));
        }
        for (OutputTensor tensor : OutputTensor.values()) {
            if (tensor.datatype().name().equals(outputs.get(tensor.tensorName()))) {
                this.outputs.add(tensor);
            }
        }
        this.vocabSize = vocabSize;
        this.maxSequenceLength = maxSequenceLength;
        this.minTokensBansStopWords = minTokensBansStopWords;
        this.guideTypes = guideTypes;
        this.subscriptions = CommandTensor.SUBSCRIPTION
                .datatype()
                .name()
                .equals(inputs.get(CommandTensor.SUBSCRIPTION.tensorName()));
        this.identity = identity;
    }

    /**
     * Reads Triton's answers to ModelMetadata and ModelConfig.
     *
     * @throws BrokenContractException if the model is not one that this front end can talk to
     */
    static ModelCapabilities read(ModelMetadataResponse metadata, ModelConfigResponse config)
            throws BrokenContractException {
        if (!config.getConfig().getModelTransactionPolicy().getDecoupled()) {
            throw new BrokenContractException("model_transaction_policy.decoupled: false (expected: true)");
        }
        Map<String, String> inputs = datatypes(metadata.getInputsList());
        inputs.keySet().removeAll(words(config, "unsupported_inputs"));
        var capabilities = new ModelCapabilities(
                inputs,
                datatypes(metadata.getOutputsList()),
                limit(config, "vocab_size"),
                limit(config, "max_seq_len"),
                words(config, "min_tokens_bans").contains(InputTensor.STOP_WORDS_LIST.tensorName()),
                guideTypes(config),
                ModelIdentity.digest(metadata, config));
        capabilities.requireContract();
        return capabilities;
    }

    /**
     * The kinds of guides that the model takes: those that it names ({@code guided_decoding_types}), or those that every version of
     * NVIDIA's backend takes that has a {@code guided_decoding_backend}.
     */
    private static Set<Guide.Type> guideTypes(ModelConfigResponse config) {
        List<String> named = words(config, "guided_decoding_types");
        String backend = parameter(config, "guided_decoding_backend");
        Set<Guide.Type> types = EnumSet.allOf(Guide.Type.class);
        if (!backend.isEmpty() && !backend.startsWith("${") && named.equals(List.of(""))) {
            types.remove(Guide.Type.STRUCTURAL_TAG);
        } else {
            types.removeIf(type -> !named.contains(type.wireName()));
        }
        return types;
    }

    private static Map<String, String> datatypes(List<TensorMetadata> tensors) {
        Map<String, String> datatypes = new HashMap<>();
        tensors.forEach(tensor -> datatypes.put(tensor.getName(), tensor.getDatatype()));
        return datatypes;
    }

    /**
     * A list among the model's parameters: the tensors that it declares, since the contract has them, and does not honour
     * ({@code unsupported_inputs}), and those whose tokens it keeps away as long as {@code min_tokens} says ({@code min_tokens_bans}).
     */
    private static List<String> words(ModelConfigResponse config, String parameter) {
        return List.of(parameter(config, parameter).split("\\s*,\\s*"));
    }

    /** A number among the model's parameters. Absent or unreadable: no limit that we know of. */
    private static int limit(ModelConfigResponse config, String parameter) {
        try {
            int limit = Integer.parseInt(parameter(config, parameter));
            return limit > 0 ? limit : Integer.MAX_VALUE;
        } catch (NumberFormatException notANumber) {
            return Integer.MAX_VALUE;
        }
    }

    /** A parameter of the model's own; all of them are texts, absent ones empty. */
    private static String parameter(ModelConfigResponse config, String name) {
        return config.getConfig()
                .getParametersOrDefault(name, ModelParameter.getDefaultInstance())
                .getStringValue()
                .strip();
    }

    private void requireContract() throws BrokenContractException {
        for (InputTensor tensor : REQUIRED_INPUTS) {
            if (!has(tensor)) {
                throw new BrokenContractException(
                        "inputs: no %s (expected: %s)".formatted(tensor.tensorName(), tensor.datatype()));
            }
        }
        for (OutputTensor tensor : REQUIRED_OUTPUTS) {
            if (!outputs.contains(tensor)) {
                throw new BrokenContractException(
                        "outputs: no %s (expected: %s)".formatted(tensor.tensorName(), tensor.datatype()));
            }
        }
    }

    /** What can be asked of the model, given what it takes to ask for it here. */
    EngineCapabilities forEngine() {
        Set<EngineFeature> features = EnumSet.allOf(EngineFeature.class);
        features.removeIf(feature -> !can(feature));
        return new EngineCapabilities(identity, features, vocabSize, maxSequenceLength);
    }

    private boolean can(EngineFeature feature) {
        return switch (feature) {
            case TEMPERATURE, TOP_P -> has(InputTensor.TEMPERATURE) && has(InputTensor.RUNTIME_TOP_P);
            case TOP_K -> has(InputTensor.RUNTIME_TOP_K);
            case MIN_P -> has(InputTensor.MIN_P);
            case SEED -> has(InputTensor.SEED);
            case FREQUENCY_PENALTY -> has(InputTensor.FREQUENCY_PENALTY);
            case PRESENCE_PENALTY -> has(InputTensor.PRESENCE_PENALTY);
            case REPETITION_PENALTY -> has(InputTensor.REPETITION_PENALTY);
            case NO_REPEAT_NGRAM_SIZE -> has(InputTensor.NO_REPEAT_NGRAM_SIZE);
            case LOGIT_BIAS -> has(InputTensor.EMBEDDING_BIAS) && knowsVocabSize();
            case BAD_WORDS -> has(InputTensor.BAD_WORDS_LIST);
            case MIN_TOKENS -> has(InputTensor.MIN_TOKENS);
            case LOGPROBS -> has(InputTensor.RETURN_LOG_PROBS) && has(OutputTensor.OUTPUT_LOG_PROBS);
            case TOP_LOGPROBS -> can(EngineFeature.LOGPROBS) && tellsAlternatives();
            case CACHED_TOKENS -> has(OutputTensor.CACHED_TOKENS);
            case GUIDED_JSON -> guidesBy(Guide.Type.JSON) && guidesBy(Guide.Type.JSON_SCHEMA);
            case GUIDED_REGEX -> guidesBy(Guide.Type.REGEX);
            case GUIDED_GRAMMAR -> guidesBy(Guide.Type.EBNF_GRAMMAR);
            case STRUCTURAL_TAG -> guidesBy(Guide.Type.STRUCTURAL_TAG);
        };
    }

    /** Whether it can tell the most likely tokens at each place. */
    boolean tellsAlternatives() {
        return has(InputTensor.NUM_LOGPROBS) && has(OutputTensor.TOP_LOGPROB_IDS) && has(OutputTensor.TOP_LOGPROBS);
    }

    /** Whether it holds its output to guides of this type. */
    boolean guidesBy(Guide.Type type) {
        return guideTypes.contains(type)
                && has(InputTensor.GUIDED_DECODING_GUIDE_TYPE)
                && has(InputTensor.GUIDED_DECODING_GUIDE);
    }

    /** Whether {@code min_tokens} keeps stop words of one token away too, and not the end token alone. */
    boolean minTokensBansStopWords() {
        return minTokensBansStopWords;
    }

    /** Whether the news of many generations can travel together. */
    boolean hasSubscriptions() {
        return subscriptions;
    }

    boolean has(InputTensor tensor) {
        return inputs.containsKey(tensor);
    }

    boolean has(OutputTensor tensor) {
        return outputs.contains(tensor);
    }

    /** What this model calls the tensor; null if it has none of that meaning and type. */
    @Nullable String nameOf(InputTensor tensor) {
        return inputs.get(tensor);
    }

    /** The outputs that may be asked for: all that the model has and this room reads. */
    Set<OutputTensor> outputs() {
        return outputs;
    }

    /** Whether the model says how many tokens it has. */
    boolean knowsVocabSize() {
        return vocabSize != Integer.MAX_VALUE;
    }

    /** Token ids are below this; {@link Integer#MAX_VALUE} if the model does not say. */
    int vocabSize() {
        return vocabSize;
    }

    /** Most tokens of prompt and answer together; {@link Integer#MAX_VALUE} if the model does not say. */
    int maxSequenceLength() {
        return maxSequenceLength;
    }
}
