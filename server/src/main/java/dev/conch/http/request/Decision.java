package dev.conch.http.request;

/** What the server does with a parameter. */
public enum Decision {
    /** Does what it says. */
    OBEYED,
    /** Does what it says if the model's engine can, else refuses it. */
    ENGINE,
    /** Checks it, and does nothing: it asks nothing of the answer. */
    ACCEPTED,
    /** Refuses it unless it asks for what happens anyway. */
    REFUSED;

    /** Whether a client that sends it gets what it asked for, from an engine that can. */
    public boolean honoured() {
        return this == OBEYED || this == ENGINE;
    }
}
