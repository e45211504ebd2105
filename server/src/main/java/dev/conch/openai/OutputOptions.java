package dev.conch.openai;

import org.jspecify.annotations.Nullable;

/**
 * The fields of a request that say in which form the answer is wanted.
 *
 * @param n how many choices for each prompt, at least 1
 * @param topLogprobs alternatives to tell at each place; 0: the logprob of the sampled token alone; null: no logprobs
 * @param stream whether the answer is wanted as server-sent events
 * @param includeUsage {@code stream_options.include_usage}
 * @param continuousUsageStats extension: {@code stream_options.continuous_usage_stats}, the usage so far in every chunk
 * @param includeObfuscation {@code stream_options.include_obfuscation}: padding that hides the length of the text in a chunk
 * @param skipSpecialTokens extension: special tokens are left out of the text
 * @param spacesBetweenSpecialTokens extension: special tokens that are shown stand apart
 * @param returnTokenIds extension: the ids of prompt and answer are told
 * @param includeReasoning extension: whether what the model thinks is told
 * @param requestId extension: the caller's own name for the answer; null: the server makes one
 */
public record OutputOptions(
        int n,
        @Nullable Integer topLogprobs,
        boolean stream,
        boolean includeUsage,
        boolean continuousUsageStats,
        boolean includeObfuscation,
        boolean skipSpecialTokens,
        boolean spacesBetweenSpecialTokens,
        boolean returnTokenIds,
        boolean includeReasoning,
        @Nullable String requestId) {}
