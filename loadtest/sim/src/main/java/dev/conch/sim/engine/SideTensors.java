package dev.conch.sim.engine;

import dev.conch.sim.script.EngineVariant;
import dev.conch.sim.tensor.ReceivedRequest;
import dev.conch.sim.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The tensors that accompany the tokens of one sequence: its number, counts and logprobs as asked for, and the additive ones of the
 * variant. Only what the request lists is sent. Immutable.
 */
final class SideTensors {
    private final GenerationInputs inputs;
    private final int sequence;
    private final int cachedTokens;
    private final boolean sequenceIndex;
    private final boolean inputCountAlways;
    private final boolean inputCountFirst;
    private final boolean outputCount;
    private final boolean cachedTokensFirst;
    private final boolean logprobs;
    private final boolean topLogprobs;
    private final boolean finishReason;

    SideTensors(GenerationInputs inputs, EngineVariant variant, int sequence, int cachedTokens) {
        ReceivedRequest request = inputs.request();
        boolean inputCount = request.wants("num_input_tokens");
        this.inputs = inputs;
        this.sequence = sequence;
        this.cachedTokens = Math.min(cachedTokens, inputs.prompt().size());
        this.sequenceIndex = inputs.sequences() > 1 && request.wants("sequence_index");
        this.inputCountAlways = inputCount && GenerationInputs.flag(request, "return_num_input_tokens");
        this.inputCountFirst = inputCount && variant.additiveTensors();
        this.outputCount =
                request.wants("num_output_tokens") && GenerationInputs.flag(request, "return_num_output_tokens");
        this.cachedTokensFirst = variant.additiveTensors() && request.wants("cached_tokens");
        this.logprobs = inputs.logprobs() && request.wants("output_log_probs");
        this.topLogprobs = inputs.topLogprobs() > 0 && request.wants("top_logprobs");
        this.finishReason = variant.finishReason() && request.wants("finish_reason");
    }

    /** Beside tokens that others follow. */
    List<Tensor> of(boolean isFirst, Continuation continuation, int from, int to) {
        List<Tensor> tensors = new ArrayList<>(0);
        if (sequenceIndex) {
            tensors.add(Tensor.int32("sequence_index", sequence));
        }
        addCounts(isFirst, to - from, tensors);
        addLogprobs(continuation, from, to, tensors);
        return tensors;
    }

    private void addCounts(boolean isFirst, int tokens, List<Tensor> tensors) {
        if (inputCountAlways || (inputCountFirst && isFirst)) {
            tensors.add(Tensor.int32("num_input_tokens", inputs.prompt().size()));
        }
        if (cachedTokensFirst && isFirst) {
            tensors.add(Tensor.int32("cached_tokens", cachedTokens));
        }
        if (outputCount) {
            tensors.add(Tensor.int32("num_output_tokens", tokens));
        }
    }

    /** Those of all tokens so far, as TensorRT-LLM has them; alternatives for the new tokens only. */
    private void addLogprobs(Continuation continuation, int from, int to, List<Tensor> tensors) {
        if (logprobs) {
            tensors.add(SimulatedLogprobs.sampled(continuation.slice(0, to)));
        }
        if (topLogprobs) {
            int[] ids = continuation.slice(from, to);
            tensors.add(SimulatedLogprobs.topIds(ids, inputs.topLogprobs()));
            tensors.add(SimulatedLogprobs.top(ids, inputs.topLogprobs()));
        }
    }

    /** Beside the last tokens. */
    List<Tensor> ofLast(boolean isFirst, Continuation continuation, int from, int to, EndReason reason) {
        List<Tensor> tensors = of(isFirst, continuation, from, to);
        if (finishReason) {
            tensors.add(Tensor.bytes("finish_reason", reason.inTensor()));
        }
        return tensors;
    }
}
