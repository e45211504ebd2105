package dev.conch.http;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose pages may call this server from a browser.
 *
 * @param allowedOrigins as browsers write them, such as {@code https://app.example}; {@code *} allows all; empty: none
 */
public record CorsPolicy(Set<String> allowedOrigins) {
    private static final String ANY = "*";

    public CorsPolicy {
        allowedOrigins = Set.copyOf(allowedOrigins);
    }

    boolean allows(@Nullable String origin) {
        return origin != null && (allowedOrigins.contains(ANY) || allowedOrigins.contains(origin));
    }
}
