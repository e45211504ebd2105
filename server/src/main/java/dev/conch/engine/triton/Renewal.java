package dev.conch.engine.triton;

/**
 * How the renewals of a subscription go. During one, two requests are open under one id, so that the end of either bears no sign of which it
 * is: the older one has to end without an error, and the newer one may be refused while the older one goes on. Not thread-safe.
 */
final class Renewal {
    private boolean underWay;

    /** The newer request is there. */
    private boolean confirmed;

    /** Why one of the two has ended; empty: it has not. */
    private String error = "";

    /** What an end was the end of. */
    enum End {
        /** The older request, as it should: its instance has the newer one. */
        OLDER,
        /** Either the newer request, which was refused, or the older one, which has failed: {@link #confirm} would say that. */
        EITHER,
        /** The older request has failed, and the newer one, at another instance, knows nothing of it. */
        ALL_BUT_NEWER,
        /** The only request that was left. */
        ALL
    }

    /** The newer request goes out. */
    void begin() {
        underWay = true;
        confirmed = false;
        error = "";
    }

    /** Whether none of the two has ended. */
    boolean isUnderWay() {
        return underWay;
    }

    /** The newer request is there. Returns whether that says of an end before that it was the older one's. */
    boolean confirm() {
        confirmed = true;
        return !error.isEmpty();
    }

    /**
     * One request has ended.
     *
     * @param error why; empty: as it should
     */
    End end(String error) {
        if (!underWay) {
            return End.ALL;
        }
        underWay = false;
        if (error.isEmpty()) {
            return End.OLDER;
        }
        this.error = error;
        return confirmed ? End.ALL_BUT_NEWER : End.EITHER;
    }

    /** With what one of the two has failed; empty: with nothing. */
    String error() {
        return error;
    }
}
