package dev.conch.sim.engine;

/** The engine does not take a request. */
final class EngineException extends Exception {
    private static final long serialVersionUID = 1;

    private final String text;

    EngineException(String text) {
        super(text, null, false, false);
        this.text = text;
    }

    /** What the client reads. */
    String text() {
        return text;
    }
}
