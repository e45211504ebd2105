package dev.conch.http;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** How the body of a request may be compressed. */
enum ContentCoding {
    IDENTITY,
    GZIP,
    DEFLATE;

    /** A body that grows by more than this is not a text that somebody wrote ... */
    private static final int MAX_RATIO = 100;
    /** ... once it is larger than this. */
    private static final int FREE_BYTES = 1 << 20;

    private static final int PIECE_BYTES = 8 << 10;
    private static final int ZLIB_METHOD = 8;
    private static final int ZLIB_CHECK = 31;

    /**
     * The coding that a {@code Content-Encoding} names.
     *
     * @throws GenerationException {@code UNSUPPORTED_ENCODING}
     */
    static ContentCoding named(@Nullable String name) {
        return switch (name == null ? "" : name.strip().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> IDENTITY;
            case "gzip", "x-gzip" -> GZIP;
            case "deflate" -> DEFLATE;
            default ->
                throw new GenerationException(
                        ErrorCode.UNSUPPORTED_ENCODING,
                        "The body's Content-Encoding is not supported (expected: gzip, deflate or none).");
        };
    }

    /**
     * Undoes the compression.
     *
     * @throws GenerationException {@code CONTENT_TOO_LARGE} or {@code BAD_REQUEST}
     */
    byte[] decode(byte[] sent, int maxBytes) {
        try {
            return switch (this) {
                case IDENTITY -> sent;
                case GZIP -> gunzip(sent, maxBytes);
                case DEFLATE -> inflate(sent, maxBytes);
            };
        } catch (IOException e) {
            throw new GenerationException(
                    ErrorCode.BAD_REQUEST, "The body is not what its Content-Encoding says it is.");
        }
    }

    private static byte[] gunzip(byte[] sent, int maxBytes) throws IOException {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(sent))) {
            return read(in, sent.length, maxBytes);
        }
    }

    private static byte[] inflate(byte[] sent, int maxBytes) throws IOException {
        var inflater = new Inflater(!hasZlibHeader(sent));
        try (var in = new InflaterInputStream(new ByteArrayInputStream(sent), inflater)) {
            byte[] decoded = read(in, sent.length, maxBytes);
            if (inflater.getBytesRead() != sent.length) {
                throw new ZipException("bytes after the end");
            }
            return decoded;
        } finally {
            // The stream does not end one that it did not make.
            inflater.end();
        }
    }

    /** Deflate means zlib (RFC 9110), but some clients send it bare. */
    private static boolean hasZlibHeader(byte[] sent) {
        if (sent.length < 2) {
            return false;
        }
        int first = Byte.toUnsignedInt(sent[0]);
        int second = Byte.toUnsignedInt(sent[1]);
        return (first & 0xf) == ZLIB_METHOD && (first << Byte.SIZE | second) % ZLIB_CHECK == 0;
    }

    private static byte[] read(InputStream in, int sentBytes, int maxBytes) throws IOException {
        var decoded = new ByteArrayOutputStream();
        var piece = new byte[PIECE_BYTES];
        for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
            decoded.write(piece, 0, read);
            boolean bomb = decoded.size() > FREE_BYTES && decoded.size() > (long) MAX_RATIO * sentBytes;
            if (bomb || decoded.size() > maxBytes) {
                throw new GenerationException(
                        ErrorCode.CONTENT_TOO_LARGE,
                        "The request body, once decoded, is larger than this server takes.");
            }
        }
        return decoded.toByteArray();
    }
}
