package dev.conch.http.connection;

import dev.conch.generation.GenerationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the head of an HTTP/1.1 request says about its framing, read by the letter of RFC 9112. Where the RFC lets a server be lenient this
 * one is not: two servers that are lenient in different ways see different requests in the same bytes, and that is what request smuggling
 * lives on.
 *
 * @param chunked whether a chunked body follows
 * @param contentLength bytes of the body if it is not chunked
 * @param upgrade whether the client would go on in HTTP/2
 */
record RequestHead(boolean chunked, long contentLength, boolean upgrade) {
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final Pattern REQUEST_LINE = Pattern.compile("(" + TOKEN + ") ([\\x21-\\x7e]+) HTTP/1\\.([01])");
    private static final Pattern FIELD =
            Pattern.compile("(" + TOKEN + "):[ \\t]*([\\x20-\\x7e\\x80-\\xff\\t]*?)[ \\t]*");
    private static final Pattern HOST = Pattern.compile("(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::[0-9]{1,5})?");
    private static final Pattern ABSOLUTE = Pattern.compile("(?i:https?)://([^/?#]+)(?:[/?].*)?");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

    /**
     * Reads a head.
     *
     * @param head its lines without the empty one that ends it, of bytes as characters; line ends have been checked
     * @throws GenerationException {@code BAD_REQUEST}, {@code URI_TOO_LONG} or {@code HEADERS_TOO_LARGE}
     */
    static RequestHead read(String head) {
        String[] lines = head.split("\r\n", -1);
        Matcher requestLine = REQUEST_LINE.matcher(lines[0]);
        if (lines[0].length() > ConnectionLimits.MAX_TARGET_BYTES) {
            throw Faults.targetTooLong();
        }
        if (!requestLine.matches()) {
            throw Faults.malformed("the request line");
        }
        boolean http11 = "1".equals(requestLine.group(3));
        var fields = new Fields(lines);
        checkHost(Objects.requireNonNull(requestLine.group(2)), fields.only("host"), http11);
        return framing(fields, http11);
    }

    private static void checkHost(String target, @Nullable String host, boolean required) {
        if (host == null ? required : !HOST.matcher(host).matches()) {
            throw Faults.malformed("there must be one Host, with a name and perhaps a port");
        }
        if (target.startsWith("/") || target.equals("*")) {
            return;
        }
        Matcher absolute = ABSOLUTE.matcher(target);
        if (!absolute.matches() || !Objects.requireNonNull(absolute.group(1)).equalsIgnoreCase(host)) {
            throw Faults.malformed("the request's target and its Host do not agree");
        }
    }

    private static RequestHead framing(Fields fields, boolean http11) {
        String encoding = fields.only("transfer-encoding");
        String length = fields.only("content-length");
        if (encoding != null && (length != null || !http11 || !encoding.equalsIgnoreCase("chunked"))) {
            throw Faults.malformed("the only Transfer-Encoding may be chunked, without a Content-Length");
        }
        if (length != null && !LENGTH.matcher(length).matches()) {
            throw Faults.malformed("Content-Length must be a number");
        }
        return new RequestHead(
                encoding != null,
                length == null ? 0 : Long.parseLong(length),
                "h2c".equalsIgnoreCase(fields.first("upgrade")));
    }

    boolean hasBody() {
        return chunked || contentLength > 0;
    }

    /** The head without the wish to go on in another protocol. */
    static String withoutUpgrade(String head) {
        var kept = new ArrayList<String>();
        for (String line : head.split("\r\n", -1)) {
            String name = line.substring(0, Math.max(0, line.indexOf(':'))).toLowerCase(Locale.ROOT);
            if (!name.equals("upgrade") && !name.equals("http2-settings")) {
                kept.add(line);
            }
        }
        return String.join("\r\n", kept);
    }

    /** Checks the lines of a trailer, of which nothing is used. */
    static void checkTrailer(List<String> lines) {
        var unused = new Fields(lines.toArray(String[]::new));
        if (unused.first("transfer-encoding") != null || unused.first("content-length") != null) {
            throw Faults.malformed("framing in a trailer");
        }
    }

    /** The header fields of a head, names in lower case. */
    private static final class Fields {
        private final List<String> names = new ArrayList<>();
        private final List<String> values = new ArrayList<>();

        /** The first line is the request line. */
        Fields(String... lines) {
            if (lines.length - 1 > ConnectionLimits.MAX_HEADERS) {
                throw Faults.headersTooLarge();
            }
            for (int i = 1; i < lines.length; i++) {
                Matcher field = FIELD.matcher(lines[i]);
                if (!field.matches()) {
                    throw Faults.malformed("a header line");
                }
                names.add(Objects.requireNonNull(field.group(1)).toLowerCase(Locale.ROOT));
                values.add(Objects.requireNonNull(field.group(2)));
            }
        }

        @Nullable String first(String name) {
            int at = names.indexOf(name);
            return at < 0 ? null : values.get(at);
        }

        /** The value of a field that may stand once only. */
        @Nullable String only(String name) {
            if (names.indexOf(name) != names.lastIndexOf(name)) {
                throw Faults.malformed("a second " + name);
            }
            return first(name);
        }
    }
}
