package dev.conch.model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A name for all that was added, in this order: the same for the same, on any machine. Not thread-safe. */
final class Fingerprint {
    private final MessageDigest digest;

    Fingerprint() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    Fingerprint add(String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        // what UTF-8 never has: the end of one text is not the beginning of the next
        digest.update((byte) 0xFF);
        return this;
    }

    Fingerprint add(Path file) throws IOException {
        digest.update(Files.readAllBytes(file));
        digest.update((byte) 0xFF);
        return this;
    }

    /** 64 hexadecimal digits. Called once, at the end. */
    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
