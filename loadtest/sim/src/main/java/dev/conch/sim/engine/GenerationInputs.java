package dev.conch.sim.engine;

import dev.conch.sim.script.EngineVariant;
import dev.conch.sim.tensor.ReceivedRequest;
import dev.conch.sim.tensor.Tensor;
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
    GenerationInputs {
        prompt = List.copyOf(prompt);
    }

    static GenerationInputs of(ReceivedRequest request, EngineVariant variant, EngineLimits limits)
            throws EngineException {
        InputChecks checks = new InputChecks(request, variant, limits);
        checks.checkInputs();
        int[] prompt = prompt(request);
        checks.checkPrompt(prompt);
        int maxTokens = maxTokens(request);
        WordList stopWords = stopWords(request, variant);
        checks.checkTokensAndTexts();
        boolean streaming = flag(request, "streaming");
        GenerationInputs inputs = new GenerationInputs(
                request,
                Arrays.stream(prompt).boxed().toList(),
                Math.min(maxTokens, limits.maxSequenceLength() - prompt.length),
                number(request, "end_id", -1),
                number(request, variant.minTokens(), 0),
                sequences(request),
                flag(request, "return_log_probs"),
                number(request, "num_logprobs", 0),
                request.find(variant.seed()).map(tensor -> tensor.longs()[0]).orElse(0L),
                streaming,
                !streaming && !flag(request, "exclude_input_in_output", variant.excludesInput()),
                stopWords);
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

    /** As many of {@code input_ids} as {@code input_lengths} says; the rest is padding. */
    private static int[] prompt(ReceivedRequest request) throws EngineException {
        int[] ids = request.find("input_ids").map(Tensor::ints).orElse(new int[0]);
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

    /** A single sequence always fits. */
    private static void checkRoom(GenerationInputs inputs, KvCacheSize size) throws EngineException {
        if (KvLease.blocks(inputs, size) > size.blocks()) {
            throw new EngineException("num_return_sequences: " + inputs.sequences()
                    + " (expected: as many as find room in the KV cache together)");
        }
    }
}
