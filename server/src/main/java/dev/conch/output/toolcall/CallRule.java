package dev.conch.output.toolcall;

/**
 * How the model may call functions.
 *
 * @param required whether it must call, and say nothing else; otherwise it may talk, and call or not
 * @param parallel whether it may call more than once
 */
public record CallRule(boolean required, boolean parallel) {}
