package dev.conch.sim.engine;

import dev.conch.sim.script.EngineVariant;
import dev.conch.sim.tensor.ReceivedRequest;
import dev.conch.sim.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The tensors that accompany the tokens of one sequence: its number, counts and logprobs as asked for, and the additive ones of the
 * variant. Only what the request lists is sent.
 */
final class SideTensors {
    private final GenerationInputs inputs;
    private final int sequence;
    private final KvLease lease;
    private final int vocabularySize;
    private final boolean sequenceIndex;
    private final boolean inputCountAlways;
    private final boolean inputCountFirst;
    private final boolean outputCount;
    private final boolean cachedTokensFirst;
    private final boolean logprobs;
    private final boolean logprobOfEos;
    private final boolean sumOfLogprobs;
    private final boolean topIds;
    private final boolean topLogprobs;
    private final boolean finishReason;

    SideTensors(GenerationInputs inputs, EngineVariant variant, int sequence, KvLease lease, int vocabularySize) {
        ReceivedRequest request = inputs.request();
        boolean inputCount = request.wants("num_input_tokens");
        this.inputs = inputs;
        this.sequence = sequence;
        this.lease = lease;
        this.vocabularySize = vocabularySize;
        this.sequenceIndex = inputs.sequences() > 1 && request.wants("sequence_index");
        this.inputCountAlways = inputCount && GenerationInputs.flag(request, "return_num_input_tokens");
        this.inputCountFirst = inputCount && variant.additiveTensors();
        this.outputCount =
                request.wants("num_output_tokens") && GenerationInputs.flag(request, "return_num_output_tokens");
        this.cachedTokensFirst = variant.additiveTensors() && request.wants("cached_tokens");
        this.logprobs = inputs.logprobs() && request.wants("output_log_probs");
        this.logprobOfEos = variant.logprobOfEos();
        this.sumOfLogprobs = inputs.logprobs() && request.wants("cum_log_probs");
        this.topIds = inputs.topLogprobs() > 0 && request.wants("top_logprob_ids");
        this.topLogprobs = inputs.topLogprobs() > 0 && request.wants("top_logprobs");
        this.finishReason = variant.finishReason() && request.wants("finish_reason");
    }

    /** Beside tokens that others follow. */
    List<Tensor> of(boolean isFirst, Continuation continuation, int from, int to) {
        return of(isFirst, continuation, from, to, false);
    }

    private List<Tensor> of(boolean isFirst, Continuation continuation, int from, int to, boolean eosFollows) {
        List<Tensor> tensors = new ArrayList<>(0);
        if (sequenceIndex) {
            tensors.add(Tensor.int32("sequence_index", sequence));
        }
        addCounts(isFirst, to - from, tensors);
        if (logprobs || sumOfLogprobs) {
            addLogprobs(continuation.slice(0, to), eosFollows, tensors);
        }
        if (topIds || topLogprobs) {
            addAlternatives(continuation.slice(from, to), tensors);
        }
        return tensors;
    }

    private void addCounts(boolean isFirst, int tokens, List<Tensor> tensors) {
        if (inputCountAlways || (inputCountFirst && isFirst)) {
            tensors.add(Tensor.int32("num_input_tokens", inputs.prompt().size()));
        }
        if (cachedTokensFirst && isFirst) {
            tensors.add(Tensor.int32("cached_tokens", lease.cachedTokens()));
        }
        if (outputCount) {
            tensors.add(Tensor.int32("num_output_tokens", tokens));
        }
    }

    /** Those of all tokens so far, as TensorRT-LLM has them; their sum has that of EOS, too. */
    private void addLogprobs(int[] soFar, boolean eosFollows, List<Tensor> tensors) {
        int[] withEos = eosFollows ? followedByEos(soFar) : soFar;
        if (logprobs) {
            tensors.add(SimulatedLogprobs.sampled(logprobOfEos ? withEos : soFar));
        }
        if (sumOfLogprobs) {
            tensors.add(SimulatedLogprobs.sum(withEos));
        }
    }

    private int[] followedByEos(int[] ids) {
        int[] more = Arrays.copyOf(ids, ids.length + 1);
        more[ids.length] = inputs.endId();
        return more;
    }

    private void addAlternatives(int[] ids, List<Tensor> tensors) {
        if (topIds) {
            tensors.add(SimulatedLogprobs.topIds(ids, inputs.topLogprobs(), vocabularySize));
        }
        if (topLogprobs) {
            tensors.add(SimulatedLogprobs.top(ids, inputs.topLogprobs()));
        }
    }

    /** Beside the last tokens. */
    List<Tensor> ofLast(boolean isFirst, Continuation continuation, int from, int to, EndReason reason) {
        boolean eosFollows = reason == EndReason.STOP && continuation.endsWithEos();
        List<Tensor> tensors = of(isFirst, continuation, from, to, eosFollows);
        if (finishReason) {
            tensors.add(Tensor.bytes("finish_reason", reason.inTensor()));
        }
        return tensors;
    }
}
