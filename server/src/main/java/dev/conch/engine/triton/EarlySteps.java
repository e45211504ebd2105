package dev.conch.engine.triton;

import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Steps that have overtaken others, until their turn comes: that happens when a subscription is renewed. Not thread-safe. */
final class EarlySteps {
    private final int limit;
    private final Map<Long, InputStream> messages = new HashMap<>();

    /** @param limit how far ahead a step may be */
    EarlySteps(int limit) {
        this.limit = limit;
    }

    /**
     * Keeps a step that is not the next.
     *
     * @param read the last that was
     * @throws BrokenContractException if it came before, or is too far ahead
     */
    void keep(long step, long read, InputStream message) throws BrokenContractException {
        if (step <= read || step > read + limit || messages.putIfAbsent(step, message) != null) {
            throw new BrokenContractException("step: %d (expected: %d)".formatted(step, read + 1));
        }
    }

    /** The message of a step that came early; null if it did not. */
    @Nullable InputStream remove(long step) {
        return messages.isEmpty() ? null : messages.remove(step);
    }
}
