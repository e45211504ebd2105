package dev.conch.sim.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A whole block of tokens that follows on certain others: two requests that begin alike find the same ones. Not thread-safe. */
final class KvBlock {
    private final @Nullable KvBlock before;
    private final List<Integer> tokens;
    private final Map<List<Integer>, KvBlock> next = new HashMap<>();
    private int users;

    private KvBlock(@Nullable KvBlock before, List<Integer> tokens) {
        this.before = before;
        this.tokens = tokens;
    }

    /** What every sequence begins with: nothing. */
    static KvBlock root() {
        return new KvBlock(null, List.of());
    }

    @Nullable KvBlock next(List<Integer> following) {
        return next.get(following);
    }

    KvBlock append(List<Integer> following) {
        KvBlock block = new KvBlock(this, following);
        next.put(following, block);
        return block;
    }

    boolean isUsed() {
        return users > 0;
    }

    void use() {
        users++;
    }

    void release() {
        users--;
    }

    /** Nobody will find it any more. */
    void forget() {
        if (before != null) {
            before.next.remove(tokens);
        }
    }
}
