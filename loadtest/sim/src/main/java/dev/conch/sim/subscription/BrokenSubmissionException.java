package dev.conch.sim.subscription;

/** A command whose submissions cannot be told apart: none of them is taken. */
final class BrokenSubmissionException extends Exception {
    private static final long serialVersionUID = 1;

    private final String text;

    BrokenSubmissionException(String name, String value, String expected) {
        super(name, null, false, false);
        this.text = name + ": " + value + " (expected: " + expected + ")";
    }

    /** What the client reads. */
    String text() {
        return text;
    }
}
