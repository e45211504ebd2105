package dev.conch.engine.triton;

/** How far the steps of a subscription were read, and how far the engine may go before it hears of that. Not thread-safe. */
final class StepWindow {
    /** Steps that the engine may be ahead of what it knows to have been read. */
    static final int STEPS = 64;

    /** Steps after which it is told what was read. */
    static final int ACKNOWLEDGED_EACH = 16;

    /** Steps after which the engine gets a new request to send them over: Triton keeps all responses of one in memory until it ends. */
    static final int RENEWED_EACH = 256;

    private long read;
    private long told;
    private long known;
    private long renewed;

    /** The last step that was read; 0: none. */
    long read() {
        return read;
    }

    /** The next step was read. */
    void advance() {
        read++;
    }

    boolean acknowledgementIsDue() {
        return read - told >= ACKNOWLEDGED_EACH;
    }

    /** The engine is being told what was read; returns what that is. */
    long acknowledge() {
        told = read;
        return told;
    }

    /** The engine has confirmed that it was told so. */
    void confirm(long acknowledged) {
        known = Math.max(known, acknowledged);
    }

    boolean renewalIsDue() {
        return read - renewed >= RENEWED_EACH;
    }

    /** The engine is getting its new request. */
    void renew() {
        renewed = read;
    }

    /** Whether all was read that the engine may send, as far as it knows. Not once there was more: then it waits for no window. */
    boolean isExhausted() {
        return read - known == STEPS;
    }
}
