package dev.conch.sim.engine;

import dev.conch.sim.script.EngineVariant;
import dev.conch.sim.tensor.ReceivedRequest;
import dev.conch.sim.tensor.Tensor;
import dev.conch.sim.tensor.TensorContract;
import dev.conch.sim.tensor.UnsupportedInputs;
import java.util.Arrays;
import java.util.List;

/**
 * What a request asks of the engine, read from its tensors and found possible. Sampling values are not here: they reach the
 * recorded request, but a simulated engine has nothing to sample.
 *
 * @param prompt token ids
 * @param maxTokens bound of new tokens, already cut to the room that the prompt leaves
 * @param endId EOS; -1 if there is none
 * @param minTokens new tokens before EOS counts
 * @param sequences how many answers
 * @param logprobs whether the logprobs of the tokens come with them
 * @param topLogprobs alternatives at each place
 * @param seed of the first sequence, unsigned; as in TensorRT-LLM 0 when the request has none
 * @param echoesPrompt whether the answer begins with the prompt; a stream's never does
 */
record GenerationInputs(
        ReceivedRequest request,
        List<Integer> prompt,
        int maxTokens,
        int endId,
        int minTokens,
        int sequences,
        boolean logprobs,
        int topLogprobs,
        long seed,
        boolean streaming,
        boolean echoesPrompt,
        WordList stopWords) {
    /** Would need a model; refused by name in place of being ignored. */
    private static final List<String> FLAGS_NOT_SIMULATED =
            List.of("return_context_logits", "return_generation_logits", "return_perf_metrics");

    private static final List<String> COUNTS_NOT_SIMULATED = List.of("beam_width");

    GenerationInputs {
        prompt = List.copyOf(prompt);
    }

    static GenerationInputs of(ReceivedRequest request, EngineVariant variant, EngineLimits limits)
            throws EngineException {
        checkRequiredTensors(request);
        if (variant.additiveTensors()) {
            checkSupported(request);
            checkGuide(request);
        }
        checkSimulated(request);
        checkRequestedOutputs(request);
        checkEmbeddingBias(request, limits.vocabularySize());
        int[] prompt = prompt(request);
        checkPrompt(prompt.length, limits.maxSequenceLength() - 1);
        boolean streaming = flag(request, "streaming");
        GenerationInputs inputs = new GenerationInputs(
                request,
                Arrays.stream(prompt).boxed().toList(),
                Math.min(maxTokens(request), limits.maxSequenceLength() - prompt.length),
                number(request, "end_id", -1),
                number(request, variant.minTokens(), 0),
                sequences(request),
                flag(request, "return_log_probs"),
                number(request, "num_logprobs", 0),
                request.find(variant.seed()).map(tensor -> tensor.longs()[0]).orElse(0L),
                streaming,
                !streaming && !flag(request, "exclude_input_in_output", variant.excludesInput()),
                stopWords(request, variant));
        checkRoom(inputs, limits.kvCache());
        return inputs;
    }

    /** True if the request is not one for tokens, but to cancel the one with the same id. */
    static boolean isStop(ReceivedRequest request) {
        return flag(request, "stop");
    }

    static boolean flag(ReceivedRequest request, String name) {
        return flag(request, name, false);
    }

    private static boolean flag(ReceivedRequest request, String name, boolean otherwise) {
        return request.find(name).map(Tensor::asBoolean).orElse(otherwise);
    }

    private static int number(ReceivedRequest request, String name, int otherwise) {
        return request.find(name).map(Tensor::asInt).orElse(otherwise);
    }

    private static String text(ReceivedRequest request, String name) {
        return request.find(name)
                .map(tensor -> String.join("", tensor.strings()))
                .orElse("");
    }

    /** As many of {@code input_ids} as {@code input_lengths} says; the rest is padding. */
    private static int[] prompt(ReceivedRequest request) throws EngineException {
        int[] ids = request.tensor("input_ids").ints();
        int length = request.tensor("input_lengths").asInt();
        if (length < 1 || length > ids.length) {
            throw new EngineException(
                    "input_lengths: " + length + " (expected: 1 to " + ids.length + ", the width of input_ids)");
        }
        return Arrays.copyOf(ids, length);
    }

    private static int maxTokens(ReceivedRequest request) throws EngineException {
        int maxTokens = request.tensor("request_output_len").asInt();
        if (maxTokens < 1) {
            throw new EngineException("request_output_len: " + maxTokens + " (expected: >= 1)");
        }
        return maxTokens;
    }

    private static int sequences(ReceivedRequest request) throws EngineException {
        int sequences = number(request, "num_return_sequences", 1);
        if (sequences < 1) {
            throw new EngineException("num_return_sequences: " + sequences + " (expected: at least 1)");
        }
        return sequences;
    }

    private static WordList stopWords(ReceivedRequest request, EngineVariant variant) throws EngineException {
        String name = "stop_words_list";
        var tensor = request.find(name);
        return tensor.isPresent()
                ? WordList.of(tensor.get(), variant.namesWordLists() ? name + ": " : "")
                : WordList.none();
    }

    private static void checkRequiredTensors(ReceivedRequest request) throws EngineException {
        for (String name : List.of("input_ids", "input_lengths", "request_output_len")) {
            if (request.find(name).isEmpty()) {
                throw new EngineException(name + ": missing (expected: a tensor)");
            }
        }
    }

    /** As Conch's model, which says so beforehand. */
    private static void checkSupported(ReceivedRequest request) throws EngineException {
        for (String name : UnsupportedInputs.names()) {
            if (request.find(name).filter(UnsupportedInputs::refuse).isPresent()) {
                throw new EngineException(name + ": this engine does not support it (expected: absent or its default)");
            }
        }
    }

    /** Its type alone: what a simulated model writes is in its script. */
    private static void checkGuide(ReceivedRequest request) throws EngineException {
        String type = text(request, "guided_decoding_guide_type");
        if (!type.isEmpty() && !TensorContract.GUIDE_TYPES.contains(type)) {
            throw new EngineException("guided decoding: unknown guide type: " + type + " (expected: "
                    + String.join(", ", TensorContract.GUIDE_TYPES) + ")");
        }
    }

    private static void checkSimulated(ReceivedRequest request) throws EngineException {
        for (String name : FLAGS_NOT_SIMULATED) {
            if (flag(request, name)) {
                throw new EngineException(name + ": true (expected: false, it is not simulated)");
            }
        }
        for (String name : COUNTS_NOT_SIMULATED) {
            if (number(request, name, 0) > 1) {
                throw new EngineException(name + ": more than 1 (expected: at most 1, it is not simulated)");
            }
        }
    }

    private static void checkRequestedOutputs(ReceivedRequest request) throws EngineException {
        for (String name : List.of("output_ids", "sequence_length")) {
            if (!request.wants(name)) {
                throw new EngineException(name + " tensor must be present in list of output tensors");
            }
        }
    }

    private static void checkEmbeddingBias(ReceivedRequest request, int vocabularySize) throws EngineException {
        int length =
                request.find("embedding_bias").map(bias -> bias.floats().length).orElse(0);
        if (length != 0 && length != vocabularySize) {
            throw new EngineException("The embedding bias shape is not as expected."
                    + " Expected last dimension to be same as vocab size: " + vocabularySize + ".");
        }
    }

    /** A single sequence always fits. */
    private static void checkRoom(GenerationInputs inputs, KvCacheSize size) throws EngineException {
        if (KvLease.blocks(inputs, size) > size.blocks()) {
            throw new EngineException("num_return_sequences: " + inputs.sequences()
                    + " (expected: as many as find room in the KV cache together)");
        }
    }

    private static void checkPrompt(int length, int maximum) throws EngineException {
        if (length > maximum) {
            throw new EngineException("Executor failed process requestId 1 due to the following error: Encountered an"
                    + " error when fetching new request: Prompt length (" + length
                    + ") exceeds maximum input length (" + maximum
                    + "). Set log level to info and check TRTGptModel logs for how maximum input length is set");
        }
    }
}
