package dev.conch.http;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys that open the door, kept as digests. No keys: the door is open. Thread-safe. */
public final class ApiKeys {
    private static final String SCHEME = "Bearer ";
    private static final int NAME_BYTES = 4;

    private final List<byte[]> digests;

    public ApiKeys(Collection<String> keys) {
        this.digests = keys.stream().map(ApiKeys::digest).toList();
    }

    /**
     * Checks a request's {@code Authorization}. Takes the same time whichever key is right, and says the same of every wrong one.
     *
     * @return the first 8 hexadecimal digits of the key's SHA-256, which name it without telling it; null if nobody is asked for a key
     * @throws GenerationException {@code INVALID_API_KEY}
     */
    @Nullable String check(@Nullable String authorization) {
        if (digests.isEmpty()) {
            return null;
        }
        byte[] presented = presented(authorization);
        if (presented == null || !matches(presented)) {
            throw new GenerationException(
                    ErrorCode.INVALID_API_KEY,
                    "Incorrect API key provided (expected: an 'Authorization: Bearer' header with a valid key).");
        }
        return HexFormat.of().formatHex(presented, 0, NAME_BYTES);
    }

    private static byte @Nullable [] presented(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return null;
        }
        return digest(authorization.substring(SCHEME.length()).strip());
    }

    private boolean matches(byte[] presented) {
        boolean matches = false;
        for (byte[] digest : digests) {
            matches |= MessageDigest.isEqual(digest, presented);
        }
        return matches;
    }

    private static byte[] digest(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
