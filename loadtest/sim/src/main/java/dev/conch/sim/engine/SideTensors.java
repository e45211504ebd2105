package dev.conch.sim.engine;

import dev.conch.sim.script.EngineVariant;
import dev.conch.sim.tensor.ReceivedRequest;
import dev.conch.sim.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The tensors that accompany a request's tokens: counts as asked for, and the additive ones of the variant. Only what the
 * request lists is sent. Immutable.
 */
final class SideTensors {
    private final int promptTokens;
    private final boolean inputCountAlways;
    private final boolean inputCountFirst;
    private final boolean outputCount;
    private final boolean cachedTokens;
    private final boolean finishReason;

    SideTensors(ReceivedRequest request, EngineVariant variant, int promptTokens) {
        boolean wantsInputCount = request.wants("num_input_tokens");
        this.promptTokens = promptTokens;
        this.inputCountAlways = wantsInputCount && GenerationInputs.flag(request, "return_num_input_tokens");
        this.inputCountFirst = wantsInputCount && variant.additiveTensors();
        this.outputCount =
                request.wants("num_output_tokens") && GenerationInputs.flag(request, "return_num_output_tokens");
        this.cachedTokens = variant.additiveTensors() && request.wants("cached_tokens");
        this.finishReason = variant.finishReason() && request.wants("finish_reason");
    }

    /** Beside tokens that others follow. */
    List<Tensor> of(boolean isFirst, int tokens) {
        List<Tensor> tensors = new ArrayList<>(0);
        if (inputCountAlways || (inputCountFirst && isFirst)) {
            tensors.add(Tensor.int32("num_input_tokens", promptTokens));
        }
        if (cachedTokens && isFirst) {
            tensors.add(Tensor.int32("cached_tokens", 0));
        }
        if (outputCount) {
            tensors.add(Tensor.int32("num_output_tokens", tokens));
        }
        return tensors;
    }

    /** Beside the last tokens. */
    List<Tensor> ofLast(boolean isFirst, int tokens, EndReason reason) {
        List<Tensor> tensors = of(isFirst, tokens);
        if (finishReason) {
            tensors.add(Tensor.bytes("finish_reason", reason.inTensor()));
        }
        return tensors;
    }
}
