package dev.conch.engine.triton;

import org.jspecify.annotations.Nullable;

/**
 * What a generation is called in its subscription: an unsigned number of 63 bits, from the lowest on
 * <pre>
 * 20 bits  its slot in the {@link HandleTable}
 *  8 bits  0: no logprobs asked for, else 1 + the alternatives asked for at each place
 * 35 bits  a serial number
 * </pre>
 * The serial number tells late news of one generation from those of the next in the same slot. The logprobs are in it so that news of a
 * generation that is forgotten already can be passed over: how much of the logprob tensors is theirs depends on what it asked for.
 */
final class Handle {
    static final int MAX_SLOTS = 1 << 20;
    private static final int SLOT_BITS = 20;
    private static final int LOGPROB_BITS = 8;
    private static final long SERIALS = 1L << 35;

    private Handle() {}

    /** @param alternatives null: no logprobs */
    static long of(int slot, @Nullable Integer alternatives, long serial) {
        long logprobs = alternatives == null ? 0 : 1 + alternatives;
        return (serial % SERIALS << LOGPROB_BITS | logprobs) << SLOT_BITS | slot;
    }

    static int slot(long handle) {
        return (int) handle & MAX_SLOTS - 1;
    }

    static boolean hasLogprobs(long handle) {
        return logprobs(handle) > 0;
    }

    /** How many alternatives each token comes with. */
    static int alternatives(long handle) {
        return Math.max(0, logprobs(handle) - 1);
    }

    private static int logprobs(long handle) {
        return (int) (handle >>> SLOT_BITS) & (1 << LOGPROB_BITS) - 1;
    }
}
