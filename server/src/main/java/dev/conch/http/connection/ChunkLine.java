package dev.conch.http.connection;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The line before a chunk: its size, and extensions, which nobody needs but which must be well-formed. */
final class ChunkLine {
    // Possessive wherever they repeat: what was read once is not read again, so the time is linear in what a client
    // sends.
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++";
    private static final String QUOTED =
            "\"(?:[\\t\\x20\\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\t\\x20-\\x7e\\x80-\\xff])*+\"";
    private static final Pattern LINE =
            Pattern.compile("([0-9A-Fa-f]{1,16}+)(?:;" + TOKEN + "(?:=(?:" + TOKEN + "|" + QUOTED + "))?+)*+");

    /** Longest line. */
    static final int MAX_BYTES = 256;

    private ChunkLine() {}

    /**
     * The chunk's size.
     *
     * @param line without its end
     * @throws dev.conch.generation.GenerationException {@code BAD_REQUEST}
     */
    static int size(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw Faults.malformed("the size of a chunk");
        }
        long size = Long.parseUnsignedLong(Objects.requireNonNull(matcher.group(1)), 16);
        if (size < 0 || size > Integer.MAX_VALUE) {
            throw Faults.malformed("the size of a chunk");
        }
        return (int) size;
    }
}
