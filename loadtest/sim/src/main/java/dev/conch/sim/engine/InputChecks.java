package dev.conch.sim.engine;

import com.google.protobuf.ByteString;
import dev.conch.proto.inference.InferParameter;
import dev.conch.sim.script.EngineVariant;
import dev.conch.sim.tensor.Datatype;
import dev.conch.sim.tensor.ReceivedRequest;
import dev.conch.sim.tensor.Tensor;
import dev.conch.sim.tensor.TensorContract;
import dev.conch.sim.tensor.UnsupportedInputs;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What an engine finds wrong with the values of a request, in its own words: Conch's model, which checks all of them, or NVIDIA's
 * backend, which checks little. A model that reads a guide is not played: what a guide says is not looked at.
 */
final class InputChecks {
    /** Would need a model; refused by name in place of being ignored. */
    private static final List<String> FLAGS_NOT_SIMULATED =
            List.of("return_context_logits", "return_generation_logits", "return_perf_metrics");

    private static final List<String> REQUIRED = List.of("input_lengths", "request_output_len");
    private static final String WHOLE_REQUEST = "context_and_generation";
    private static final int MOST_GUIDE_BYTES = 256 << 10;

    private final ReceivedRequest request;
    private final EngineLimits limits;
    private final boolean ofConch;

    InputChecks(ReceivedRequest request, EngineVariant variant, EngineLimits limits) {
        this.request = request;
        this.limits = limits;
        this.ofConch = variant.additiveTensors();
    }

    /** What concerns each input by itself. */
    void checkInputs() throws EngineException {
        checkRequestedOutputs();
        if (ofConch) {
            checkRequestType();
            checkRequired("absent (expected: present)", REQUIRED);
            checkSupported();
            checkRanges();
        } else {
            checkRequired("missing (expected: a tensor)", List.of("input_ids", "input_lengths", "request_output_len"));
            checkSimulated();
        }
    }

    void checkPrompt(int[] prompt) throws EngineException {
        int most = limits.maxSequenceLength() - 1;
        if (prompt.length > most) {
            throw new EngineException("Executor failed process requestId 1 due to the following error: Encountered an"
                    + " error when fetching new request: Prompt length (" + prompt.length
                    + ") exceeds maximum input length (" + most
                    + "). Set log level to info and check TRTGptModel logs for how maximum input length is set");
        }
        if (ofConch) {
            checkTokens("input_ids", 0, prompt);
        }
    }

    /** What else can only be judged together with the limits of the model. */
    void checkTokensAndTexts() throws EngineException {
        checkBias();
        if (ofConch) {
            for (String name : List.of("end_id", "pad_id")) {
                checkTokens(name, -1, request.find(name).map(Tensor::ints).orElse(new int[0]));
            }
            checkBadWords();
            checkGuide();
        }
    }

    private void checkRequired(String fault, List<String> names) throws EngineException {
        for (String name : names) {
            if (request.find(name).isEmpty()) {
                throw new EngineException(name + ": " + fault);
            }
        }
    }

    private void checkRequestedOutputs() throws EngineException {
        for (String name : List.of("output_ids", "sequence_length")) {
            if (!request.wants(name)) {
                throw new EngineException(name + " tensor must be present in list of output tensors");
            }
        }
    }

    private void checkRequestType() throws EngineException {
        InferParameter type = request.parameters().get("request_type");
        if (type != null && !type.getStringParam().equals(WHOLE_REQUEST)) {
            throw new EngineException("request_type: " + type.getStringParam() + " (expected: " + WHOLE_REQUEST + ")");
        }
    }

    private void checkSupported() throws EngineException {
        for (String name : UnsupportedInputs.names()) {
            if (request.find(name).filter(UnsupportedInputs::refuse).isPresent()) {
                throw new EngineException(name + ": this engine does not support it (expected: absent or its default)");
            }
        }
    }

    private void checkRanges() throws EngineException {
        for (String name : request.inputNames()) {
            InputRange range = InputRange.BY_INPUT.get(name);
            if (range != null) {
                Tensor input = request.tensor(name);
                double value = input.datatype() == Datatype.FP32 ? input.floats()[0] : input.asInt();
                if (!range.contains(value)) {
                    throw new EngineException(
                            name + ": " + InputRange.text(value) + " (expected: " + range.expected() + ")");
                }
            }
        }
    }

    private void checkSimulated() throws EngineException {
        for (String name : FLAGS_NOT_SIMULATED) {
            if (GenerationInputs.flag(request, name)) {
                throw new EngineException(name + ": true (expected: false, it is not simulated)");
            }
        }
        if (request.find("beam_width").map(Tensor::asInt).orElse(1) > 1) {
            throw new EngineException("beam_width: more than 1 (expected: at most 1, it is not simulated)");
        }
    }

    private void checkTokens(String name, int least, int... ids) throws EngineException {
        int bound = limits.vocabularySize();
        int stranger = Arrays.stream(ids)
                .filter(id -> id < least || id >= bound)
                .findFirst()
                .orElse(least);
        if (stranger < least || stranger >= bound) {
            throw new EngineException(name + ": " + stranger + " (expected: " + least + " to " + (bound - 1) + ")");
        }
    }

    private void checkBadWords() throws EngineException {
        String name = "bad_words_list";
        Optional<Tensor> words = request.find(name);
        if (words.isPresent()) {
            checkTokens(name, 0, WordList.of(words.get(), name + ": ").ids());
        }
    }

    private void checkBias() throws EngineException {
        float[] bias = request.find("embedding_bias").map(Tensor::floats).orElse(new float[0]);
        if (bias.length != 0 && bias.length != limits.vocabularySize()) {
            throw new EngineException("The embedding bias shape is not as expected."
                    + " Expected last dimension to be same as vocab size: " + limits.vocabularySize() + ".");
        }
        for (float value : bias) {
            if (ofConch && Float.isNaN(value)) {
                throw new EngineException("embedding_bias: nan (expected: numbers)");
            }
        }
    }

    private void checkGuide() throws EngineException {
        String type = bytes("guided_decoding_guide_type").toStringUtf8();
        ByteString guide = bytes("guided_decoding_guide");
        boolean isAsked = !type.isEmpty() || !guide.isEmpty();
        if (isAsked && !TensorContract.GUIDE_TYPES.contains(type)) {
            throw new EngineException("guided decoding: unknown guide type: " + (type.isEmpty() ? "(empty)" : type)
                    + " (expected: " + String.join(", ", TensorContract.GUIDE_TYPES) + ")");
        }
        if (isAsked && !type.equals("json")) {
            checkGuideText(type, guide);
        }
    }

    private static void checkGuideText(String type, ByteString guide) throws EngineException {
        if (guide.isEmpty()) {
            throw new EngineException(
                    "guided decoding: invalid guide: " + type + ": guided_decoding_guide is absent or empty");
        }
        if (guide.size() > MOST_GUIDE_BYTES) {
            throw new EngineException("guided decoding: limit exceeded: " + type + ": " + guide.size()
                    + " bytes (expected: at most " + MOST_GUIDE_BYTES + ")");
        }
        if (!guide.isValidUtf8()) {
            throw new EngineException("guided decoding: invalid guide: " + type + ": no UTF-8");
        }
    }

    /** The only element of a BYTES input, behind its length; empty if there is none. */
    private ByteString bytes(String name) {
        return request.find(name)
                .map(Tensor::data)
                .filter(data -> data.size() > Integer.BYTES)
                .map(data -> data.substring(Integer.BYTES))
                .orElse(ByteString.EMPTY);
    }
}
