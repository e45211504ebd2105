package dev.conch.http.connection;

import dev.conch.generation.GenerationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the head of an HTTP/1.1 request says about its framing, read by the letter of RFC 9112. Where the RFC lets a server be lenient this
 * one is not: two servers that are lenient in different ways see different requests in the same bytes, and that is what request smuggling
 * lives on.
 *
 * @param chunked whether a chunked body follows
 * @param contentLength bytes of the body if it is not chunked
 * @param upgrade what the client would go on in
 */
record RequestHead(boolean chunked, long contentLength, Upgrade upgrade) {
    // Possessive wherever they repeat: what was read once is not read again, so the time is linear in what a client
    // sends.
    private static final Pattern REQUEST_LINE =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]++) ([\\x21-\\x7e]++) HTTP/1\\.([01])");
    private static final Pattern HOST = Pattern.compile("(?:[A-Za-z0-9._-]++|\\[[0-9A-Fa-f:.]++])(?::[0-9]{1,5}+)?+");
    private static final Pattern ABSOLUTE = Pattern.compile("(?i:https?)://([^/?#]++)(?:[/?].*+)?+");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}+");

    /** Fields that ask for another protocol, and what {@code Connection} calls them. */
    private static final Set<String> UPGRADE_FIELDS = Set.of("upgrade", "http2-settings");

    /** Another protocol that a client asks for. */
    enum Upgrade {
        NONE,
        /** HTTP/2 and nothing else. */
        H2C,
        /** Any other, or several. */
        OTHER
    }

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
                encoding != null, length == null ? 0 : Long.parseLong(length), upgrade(fields.all("upgrade")));
    }

    private static Upgrade upgrade(List<String> wanted) {
        if (wanted.isEmpty()) {
            return Upgrade.NONE;
        }
        return wanted.size() == 1 && wanted.getFirst().equalsIgnoreCase("h2c") ? Upgrade.H2C : Upgrade.OTHER;
    }

    boolean hasBody() {
        return chunked || contentLength > 0;
    }

    /** The head without the wish to go on in another protocol. */
    static String withoutUpgrade(String head) {
        var kept = new ArrayList<String>();
        for (String line : head.split("\r\n", -1)) {
            int colon = line.indexOf(':');
            String name = line.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT);
            if (name.equals("connection")) {
                kept.add(line.substring(0, colon) + ": " + withoutUpgradeOptions(line.substring(colon + 1)));
            } else if (!UPGRADE_FIELDS.contains(name)) {
                kept.add(line);
            }
        }
        return String.join("\r\n", kept);
    }

    private static String withoutUpgradeOptions(String options) {
        return Stream.of(options.split(",", -1))
                .map(String::strip)
                .filter(option -> !UPGRADE_FIELDS.contains(option.toLowerCase(Locale.ROOT)))
                .collect(Collectors.joining(", "));
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
                add(lines[i]);
            }
        }

        private void add(String line) {
            int colon = line.indexOf(':');
            if (colon <= 0 || !FieldSyntax.isToken(line, 0, colon) || !FieldSyntax.isValue(line, colon + 1)) {
                throw Faults.malformed("a header line");
            }
            names.add(line.substring(0, colon).toLowerCase(Locale.ROOT));
            values.add(FieldSyntax.withoutBlanks(line, colon + 1));
        }

        List<String> all(String name) {
            return IntStream.range(0, names.size())
                    .filter(at -> names.get(at).equals(name))
                    .mapToObj(values::get)
                    .toList();
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
