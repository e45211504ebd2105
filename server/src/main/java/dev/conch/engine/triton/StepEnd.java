package dev.conch.engine.triton;

import org.jspecify.annotations.Nullable;

/** How a sequence stands after a step; a constant's place is its number on the wire. */
enum StepEnd {
    GOES_ON(null),
    STOP("stop"),
    LENGTH("length"),
    CANCELLED("cancelled"),
    /** The whole request, through its own fault. */
    REFUSED(null),
    /** The whole request. */
    FAILED(null);

    private static final StepEnd[] BY_NUMBER = values();

    private final @Nullable String finishReason;

    StepEnd(@Nullable String finishReason) {
        this.finishReason = finishReason;
    }

    static StepEnd numbered(int number) throws BrokenContractException {
        if (number < 0 || number >= BY_NUMBER.length) {
            throw new BrokenContractException(
                    "step_ends: %d (expected: 0 to %d)".formatted(number, BY_NUMBER.length - 1));
        }
        return BY_NUMBER[number];
    }

    /** The word that the per-request way has for it; null if it has none. */
    @Nullable String finishReason() {
        return finishReason;
    }

    boolean isReason(@Nullable String reason) {
        return reason != null && reason.equals(finishReason);
    }

    /** Whether a text tells why. */
    boolean hasText() {
        return this == REFUSED || this == FAILED;
    }
}
