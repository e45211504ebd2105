package dev.conch.sim.engine;

/**
 * How much the KV cache of the simulated engine holds. Immutable.
 *
 * @param blocks that requests share
 * @param tokensPerBlock of one sequence; only whole blocks are reused
 * @param reuse whether what has been read and said stays for later requests that begin alike
 */
public record KvCacheSize(int blocks, int tokensPerBlock, boolean reuse) {
    /** As TensorRT-LLM's LLM API has it. */
    public static final int DEFAULT_TOKENS_PER_BLOCK = 32;

    public KvCacheSize {
        if (tokensPerBlock < 1) {
            throw new IllegalArgumentException("tokensPerBlock: " + tokensPerBlock + " (expected: at least 1)");
        }
        if (reuse && blocks == Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "blocks: unlimited (expected: a number, or what is kept grows for ever)");
        }
    }

    /** Nobody waits for room, and nothing is kept. */
    public static KvCacheSize unlimited() {
        return new KvCacheSize(Integer.MAX_VALUE, DEFAULT_TOKENS_PER_BLOCK, false);
    }

    /** So many blocks, without reuse. */
    public static KvCacheSize ofBlocks(int blocks, int tokensPerBlock) {
        return new KvCacheSize(blocks, tokensPerBlock, false);
    }

    /** The same size, with what is read and said kept for later. */
    public KvCacheSize withReuse() {
        return new KvCacheSize(blocks, tokensPerBlock, true);
    }

    /** How many blocks one sequence of this length takes. */
    int blocksFor(int tokens) {
        return Math.ceilDiv(tokens, tokensPerBlock);
    }
}
