package dev.conch.tokenizer;

import org.jspecify.annotations.Nullable;

/**
 * What a self-check found.
 *
 * @param differsAt number of the first text on which the two differ, from 0; null if there is none
 */
record Verdict(@Nullable Integer differsAt) {
    private static final String AGREES = "agrees";
    private static final String DIFFERS = "differs at text ";

    static final Verdict AGREEMENT = new Verdict(null);

    boolean agrees() {
        return differsAt == null;
    }

    /** Reads what {@link #toString} wrote; null if it is anything else. */
    static @Nullable Verdict parse(String text) {
        if (text.equals(AGREES)) {
            return AGREEMENT;
        }
        String number = text.startsWith(DIFFERS) ? text.substring(DIFFERS.length()) : "";
        return number.matches("\\d{1,9}") ? new Verdict(Integer.parseInt(number)) : null;
    }

    @Override
    public String toString() {
        return agrees() ? AGREES : DIFFERS + differsAt;
    }
}
