package dev.conch.http.request;

import java.util.Locale;

/** An endpoint that takes parameters. */
public enum Endpoint {
    CHAT("/v1/chat/completions", true),
    /** Takes what chat takes, and generates nothing. */
    RENDER("/v1/chat/completions/render", true),
    COMPLETIONS("/v1/completions", true),
    TOKENIZE("/tokenize", false),
    DETOKENIZE("/detokenize", false);

    private final String path;
    private final boolean generates;

    Endpoint(String path, boolean generates) {
        this.path = path;
        this.generates = generates;
    }

    public String path() {
        return path;
    }

    /** Its name in the table of parameters. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a body describes an answer to be generated, so that a parameter of another such endpoint asks for something here too. */
    boolean generates() {
        return generates;
    }
}
