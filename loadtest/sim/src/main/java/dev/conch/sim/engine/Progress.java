package dev.conch.sim.engine;

/** What a generation wants after a step. */
enum Progress {
    /** Another step. */
    MORE,
    /** A pause, then another step. */
    STALLED,
    /** No step ever: it is over, or hangs until it is cancelled. */
    NONE
}
