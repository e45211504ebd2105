package dev.conch.engine.triton;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The generations that are under way in a subscription, by their handles. Finding one costs a look into an array. Not thread-safe. */
final class HandleTable {
    private @Nullable SubscribedExchange[] entries = new SubscribedExchange[16];
    private long[] handles = new long[16];
    /** A stack of slots that are free; those from {@code used} on were never in use. */
    private int[] free = new int[16];

    private int freed;
    private int used;
    private long serial;

    /**
     * Gives the generation a handle that is not in use, and that no other had for a long time.
     *
     * @param alternatives asked for at each place; null: no logprobs
     */
    long add(SubscribedExchange exchange, @Nullable Integer alternatives) {
        int slot = freed > 0 ? free[--freed] : unused();
        long handle = Handle.of(slot, alternatives, serial++);
        entries[slot] = exchange;
        handles[slot] = handle;
        return handle;
    }

    private int unused() {
        if (used == Handle.MAX_SLOTS) {
            throw new IllegalStateException("generations: " + used + " (expected: fewer in one subscription)");
        }
        if (used == entries.length) {
            entries = Arrays.copyOf(entries, 2 * used);
            handles = Arrays.copyOf(handles, 2 * used);
            free = Arrays.copyOf(free, 2 * used);
        }
        return used++;
    }

    /** Whose handle it is; null if it is nobody's, or nobody's any more. */
    @Nullable SubscribedExchange find(long handle) {
        int slot = Handle.slot(handle);
        return slot < used && handles[slot] == handle ? entries[slot] : null;
    }

    /** Without effect on a handle that is nobody's; says whether it was somebody's. */
    boolean remove(long handle) {
        if (find(handle) == null) {
            return false;
        }
        int slot = Handle.slot(handle);
        entries[slot] = null;
        free[freed++] = slot;
        return true;
    }

    boolean isEmpty() {
        return freed == used;
    }

    /** All of them, as they are now. */
    List<SubscribedExchange> all() {
        return Arrays.stream(entries).filter(Objects::nonNull).toList();
    }
}
