package dev.conch.loadtest;

import java.time.Duration;
import java.util.Optional;

/**
 * What a run is aimed at, from system properties. Immutable.
 *
 * @param base the server's address, without a path
 * @param model as clients call it
 * @param users that arrive, each for one chat
 * @param ramp the time in which they arrive, evenly
 * @param maxTokens of each answer
 * @param apiKey from the environment ({@code CONCH_API_KEY}), which no process list shows
 */
record LoadSettings(String base, String model, int users, Duration ramp, int maxTokens, Optional<String> apiKey) {
    static LoadSettings read() {
        return new LoadSettings(
                text("base", "http://127.0.0.1:8080"),
                text("model", "smollm2-135m-instruct"),
                Integer.getInteger("users", 10),
                Duration.ofSeconds(Integer.getInteger("ramp-seconds", 5)),
                Integer.getInteger("max-tokens", 16),
                Optional.ofNullable(System.getenv("CONCH_API_KEY")));
    }

    private static String text(String property, String otherwise) {
        return Optional.ofNullable(System.getProperty(property)).orElse(otherwise);
    }
}
