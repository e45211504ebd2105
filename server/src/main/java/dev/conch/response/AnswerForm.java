package dev.conch.response;

import dev.conch.generation.ReasoningField;

/**
 * In which form an answer is wanted.
 *
 * @param logprobs whether logprobs are told; events may carry them for other reasons
 * @param includeUsage whether a stream ends with a chunk that tells the usage
 * @param continuousUsage whether each chunk of a stream tells the usage so far
 * @param obfuscation whether chunks of a stream are padded, so that their size does not give away the length of their text
 * @param tokenIds whether the ids of prompt and answer are told
 * @param reasoningField under which name reasoning is told
 * @param functionCall whether a call is told in OpenAI's older way, {@code function_call}
 */
public record AnswerForm(
        Schema schema,
        boolean logprobs,
        boolean includeUsage,
        boolean continuousUsage,
        boolean obfuscation,
        boolean tokenIds,
        ReasoningField reasoningField,
        boolean functionCall) {

    /** Which of OpenAI's schemas the answer has. */
    public enum Schema {
        /** {@code /v1/chat/completions}. */
        CHAT,
        /** {@code /v1/completions}. */
        COMPLETION
    }

    /** Whether events have to carry the tokens behind their text. */
    public boolean needsTokens() {
        return logprobs || tokenIds || continuousUsage;
    }
}
