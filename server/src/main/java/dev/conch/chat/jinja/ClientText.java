package dev.conch.chat.jinja;

/**
 * A template variable, or a part of one, that a client wrote. A plain {@code String} in its place would be taken for the server's own.
 */
public record ClientText(String text) {}
