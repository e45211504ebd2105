package dev.conch.sim.engine;

import java.util.Locale;

/** Why there are no more tokens. */
enum EndReason {
    /** EOS or a stop word. */
    STOP,
    /** The request's own limit, or that of the engine. */
    LENGTH,
    /** The client's wish. */
    CANCELLED;

    /** As in the output {@code finish_reason}. */
    String inTensor() {
        return name().toLowerCase(Locale.ROOT);
    }
}
