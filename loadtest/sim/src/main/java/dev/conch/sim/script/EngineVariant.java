package dev.conch.sim.script;

/**
 * Which of the engines behind the tensor contract is played. Immutable.
 *
 * @param newNames the inputs are called {@code seed} and {@code min_tokens}; else {@code random_seed} and {@code min_length}
 *     (TensorRT-LLM up to 1.0)
 * @param additiveTensors the tensors that Conch adds to TensorRT-LLM's are declared and answered
 * @param finishReason the output {@code finish_reason} is among them; needs {@code additiveTensors}
 * @param finalForm how the end is told
 */
public record EngineVariant(boolean newNames, boolean additiveTensors, boolean finishReason, FinalForm finalForm) {
    public EngineVariant {
        if (finishReason && !additiveTensors) {
            throw new IllegalArgumentException("finishReason: true (expected: false without additive tensors)");
        }
    }

    /** Conch's own model. */
    public static EngineVariant conch() {
        return new EngineVariant(true, true, true, FinalForm.ZERO_TOKENS);
    }

    /** NVIDIA's C++ backend of TensorRT-LLM 1.1 and 1.2. */
    public static EngineVariant tensorRtLlm() {
        return new EngineVariant(true, false, false, FinalForm.ZERO_TOKENS);
    }

    /** NVIDIA's C++ backend before two of its inputs were renamed. */
    public static EngineVariant tensorRtLlmWithOldNames() {
        return new EngineVariant(false, false, false, FinalForm.ZERO_TOKENS);
    }

    /** The same engine, telling its end in another form. */
    public EngineVariant withFinalForm(FinalForm form) {
        return new EngineVariant(newNames, additiveTensors, finishReason, form);
    }

    /** The same engine, so that its client has to infer why a generation ended. */
    public EngineVariant withoutFinishReason() {
        return new EngineVariant(newNames, additiveTensors, false, finalForm);
    }

    /** Whether a single answer leaves the prompt out if the request does not say; the setting of Conch's model, not NVIDIA's default. */
    public boolean excludesInput() {
        return additiveTensors;
    }

    /** As NVIDIA's backend: the logprobs of a sequence have one of the EOS that ended it, which is not among its tokens. */
    public boolean logprobOfEos() {
        return !additiveTensors;
    }

    /** Whether what is wrong with a list of words comes with the list's name. */
    public boolean namesWordLists() {
        return additiveTensors;
    }

    /** Name of the input with the seed. */
    public String seed() {
        return newNames ? "seed" : "random_seed";
    }

    /** Name of the input with the least number of tokens. */
    public String minTokens() {
        return newNames ? "min_tokens" : "min_length";
    }
}
