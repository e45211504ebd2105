package dev.conch.sim.engine;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/**
 * The blocks of the KV cache: promised to running requests, kept for later ones, or free.
 *
 * <p>What a request has read can be found by others from its first token on, what it has said from its end on, in whole blocks. The last
 * token of a prompt is always read, for its logits. Blocks that nobody uses are kept until there is need for the room; the least recently
 * used go first, and none before those that follow on it. Lives on the engine's thread.
 */
final class KvCache {
    private final KvCacheSize size;
    private final KvBlock root = KvBlock.root();
    /** Used by nobody, the least recently used first; those that follow on a block come before it. */
    private final SequencedSet<KvBlock> kept = new LinkedHashSet<>();

    private int used;
    private long reused;

    KvCache(KvCacheSize size) {
        this.size = size;
    }

    KvCacheSize size() {
        return size;
    }

    /** Blocks of running requests, promised ones included. */
    int used() {
        return used;
    }

    /** How often a request found a block and did not have to read it. */
    long reused() {
        return reused;
    }

    /** Promises a request its blocks; false if it has to wait until others end. */
    boolean admit(KvLease lease) {
        List<KvBlock> found = find(lease.prompt());
        int missing = lease.blocks() - found.size();
        int revived = (int) found.stream().filter(block -> !block.isUsed()).count();
        if ((long) used + revived + missing > size.blocks()) {
            return false;
        }
        found.forEach(this::use);
        evictDownTo(size.blocks() - missing);
        used += missing;
        reused += found.size();
        lease.grant(found);
        if (size.reuse()) {
            lease.found(found.size() * size.tokensPerBlock());
        }
        return true;
    }

    /** From now on others find what this request has read. */
    void promptRead(KvLease lease) {
        if (!lease.markPromptRead() || !size.reuse()) {
            return;
        }
        KvBlock last = lease.shared().isEmpty() ? root : lease.shared().getLast();
        List<List<Integer>> whole = wholeBlocks(lease.prompt());
        for (List<Integer> tokens : whole.subList(lease.shared().size(), whole.size())) {
            KvBlock known = last.next(tokens);
            last = known == null ? last.append(tokens) : known;
            used--;
            use(last);
            lease.share(last);
        }
    }

    /**
     * Takes back what a request had.
     *
     * @param sequences what the engine has evaluated for it, the prompt included
     */
    void release(KvLease lease, List<List<Integer>> sequences) {
        if (!lease.isGranted()) {
            return;
        }
        used -= lease.own();
        for (KvBlock block : lease.shared().reversed()) {
            block.release();
            keepIfUnused(block);
        }
        if (size.reuse() && lease.isPromptRead()) {
            sequences.forEach(this::keep);
        }
    }

    /** The blocks that a prompt begins with and that are there already; its last token is not among them. */
    private List<KvBlock> find(List<Integer> prompt) {
        List<KvBlock> found = new ArrayList<>();
        if (size.reuse()) {
            KvBlock last = root;
            for (List<Integer> tokens : wholeBlocks(prompt.subList(0, prompt.size() - 1))) {
                KvBlock next = last.next(tokens);
                if (next == null) {
                    break;
                }
                found.add(next);
                last = next;
            }
        }
        return found;
    }

    private List<List<Integer>> wholeBlocks(List<Integer> tokens) {
        List<List<Integer>> blocks = new ArrayList<>(tokens.size() / size.tokensPerBlock());
        for (int to = size.tokensPerBlock(); to <= tokens.size(); to += size.tokensPerBlock()) {
            blocks.add(List.copyOf(tokens.subList(to - size.tokensPerBlock(), to)));
        }
        return blocks;
    }

    private void use(KvBlock block) {
        if (!block.isUsed()) {
            used++;
            kept.remove(block);
        }
        block.use();
    }

    private void keep(List<Integer> sequence) {
        List<KvBlock> chain = new ArrayList<>();
        KvBlock last = root;
        for (List<Integer> tokens : wholeBlocks(sequence)) {
            KvBlock known = last.next(tokens);
            last = known == null ? last.append(tokens) : known;
            chain.add(last);
        }
        chain.reversed().stream().filter(block -> !block.isUsed()).forEach(kept::addLast);
    }

    private void keepIfUnused(KvBlock block) {
        if (!block.isUsed()) {
            used--;
            kept.addLast(block);
        }
    }

    private void evictDownTo(int blocks) {
        Iterator<KvBlock> oldest = kept.iterator();
        while (used + kept.size() > blocks) {
            oldest.next().forget();
            oldest.remove();
        }
    }
}
