package dev.conch.telemetry;

/**
 * What figures about requests are kept apart by.
 *
 * @param operation {@code chat} or {@code text_completion}
 * @param model a name from the catalogue
 */
record Served(String operation, String model) {}
