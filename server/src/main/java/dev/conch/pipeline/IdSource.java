package dev.conch.pipeline;

import java.security.SecureRandom;

/** Makes names for answers. Thread-safe. */
@FunctionalInterface
public interface IdSource {

    /** A name that nobody can guess and no other answer has: letters and digits. */
    String next();

    /** 128 random bits in base 62. */
    static IdSource random() {
        var random = new SecureRandom();
        return () -> random.ints(22, 0, 62)
                .collect(StringBuilder::new, (text, n) -> text.append(digit(n)), StringBuilder::append)
                .toString();
    }

    private static char digit(int n) {
        return "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".charAt(n);
    }
}
