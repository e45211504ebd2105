package dev.conch.telemetry;

/** Watches one request from the door to its end. Called on the request's event loop. */
public interface RequestWatch {

    /** Sees nothing. */
    RequestWatch NONE = new RequestWatch() {
        @Override
        public void started(int promptTokens) {}

        @Override
        public void cached(int tokens) {}

        @Override
        public void tokens(int count) {}

        @Override
        public void ended(String outcome) {}
    };

    /**
     * The prompts are ready and go to the engine.
     *
     * @param promptTokens tokens of all prompts of the request together
     */
    void started(int promptTokens);

    /** The engine did not have to compute so many tokens of the prompts. */
    void cached(int tokens);

    /** The engine generated so many tokens since the last call; the first call is the first token. */
    void tokens(int count);

    /**
     * The request is over. Told once.
     *
     * @param outcome {@code complete}, {@code cancelled}, or the code of the failure
     */
    void ended(String outcome);
}
