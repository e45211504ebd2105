package dev.conch.sim.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * What one request has of the KV cache: blocks that it shares with others which begin alike, and blocks of its own. All that it can come
 * to need is promised before it starts (TensorRT-LLM's {@code GUARANTEED_NO_EVICT}), so that no running request is ever put out. The
 * sequences of one request share the whole blocks of its prompt. Not thread-safe.
 */
final class KvLease {
    private final List<Integer> prompt;
    private final int blocks;
    private final List<KvBlock> shared = new ArrayList<>();
    private int own;
    private int cachedTokens;
    private boolean granted;
    private boolean promptRead;

    /** @param cachedTokens what the script says, which counts unless the cache itself has an answer */
    KvLease(GenerationInputs inputs, KvCacheSize size, int cachedTokens) {
        this.prompt = inputs.prompt();
        this.cachedTokens = Math.min(cachedTokens, prompt.size());
        this.blocks = blocks(inputs, size);
    }

    /** How many blocks a request can come to need. */
    static int blocks(GenerationInputs inputs, KvCacheSize size) {
        int ofPrompt = inputs.prompt().size() / size.tokensPerBlock();
        int perSequence = size.blocksFor(inputs.prompt().size() + inputs.maxTokens()) - ofPrompt;
        return (int) Math.min(Integer.MAX_VALUE, ofPrompt + (long) perSequence * inputs.sequences());
    }

    List<Integer> prompt() {
        return prompt;
    }

    /** All that it can come to need, shared ones included. */
    int blocks() {
        return blocks;
    }

    /** Tokens of the prompt that need not be read; final once the lease is granted. */
    int cachedTokens() {
        return cachedTokens;
    }

    void found(int tokens) {
        cachedTokens = tokens;
    }

    void grant(List<KvBlock> found) {
        granted = true;
        shared.addAll(found);
        own = blocks - found.size();
    }

    boolean isGranted() {
        return granted;
    }

    /** The first token is there: true once. */
    boolean markPromptRead() {
        boolean first = !promptRead;
        promptRead = true;
        return first;
    }

    boolean isPromptRead() {
        return promptRead;
    }

    List<KvBlock> shared() {
        return shared;
    }

    /** Blocks that are its alone. */
    int own() {
        return own;
    }

    /** One of its own blocks is now one that others can find, too. */
    void share(KvBlock block) {
        shared.add(block);
        own--;
    }
}
