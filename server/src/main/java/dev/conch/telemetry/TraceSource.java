package dev.conch.telemetry;

import dev.conch.generation.TraceContext;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Gives each request its place in a trace, after W3C Trace Context: in the caller's trace if its {@code traceparent} is valid, else in a
 * new one. This server records no spans, so it samples none of the traces that it begins; what the caller decided is passed on.
 * Thread-safe if its random numbers are.
 */
public final class TraceSource {
    /** A header of a later version may go on after the flags. */
    private static final Pattern PARENT = Pattern.compile(
            "(?<version>[0-9a-f]{2})-(?<trace>[0-9a-f]{32})-(?<span>[0-9a-f]{16})-(?<flags>[0-9a-f]{2})(?<rest>-.*)?");

    private static final String FIRST_VERSION = "00";
    private static final String NO_VERSION = "ff";
    private static final String NO_TRACE = "0".repeat(32);
    private static final String NO_SPAN = "0".repeat(16);
    /** Sampled, and random trace id; the others have no meaning yet and may not be passed on. */
    private static final int KNOWN_FLAGS = 0b11;

    /** Vendors have to pass on so much; more is left out whole. */
    private static final int MAX_STATE_CHARS = 512;

    private static final int MAX_STATE_MEMBERS = 32;
    private static final Pattern STATE_MEMBER = Pattern.compile(
            "[ \\t]*(?:[a-z0-9][_0-9a-z*/@-]{0,255}=[\\x20-\\x2b\\x2d-\\x3c\\x3e-\\x7e]{0,255}[\\x21-\\x2b\\x2d-\\x3c\\x3e-\\x7e])?[ \\t]*");

    private static final HexFormat HEX = HexFormat.of();

    private final RandomGenerator random;

    public TraceSource(RandomGenerator random) {
        this.random = random;
    }

    /**
     * The place of a request.
     *
     * @param parents the values of its headers {@code traceparent}: more than one are as good as none
     * @param states the values of its headers {@code tracestate}, in order
     */
    public TraceContext of(List<String> parents, List<String> states) {
        Matcher parent = PARENT.matcher(parents.size() == 1 ? parents.getFirst() : "");
        return valid(parent)
                ? new TraceContext(
                        group(parent, "trace"),
                        newSpanId(),
                        HexFormat.fromHexDigits(group(parent, "flags")) & KNOWN_FLAGS,
                        state(String.join(",", states)))
                : new TraceContext(newTraceId(), newSpanId(), 0, null);
    }

    private static String group(Matcher parent, String name) {
        return Objects.requireNonNull(parent.group(name));
    }

    private static boolean valid(Matcher parent) {
        return parent.matches()
                && !NO_VERSION.equals(parent.group("version"))
                && !NO_TRACE.equals(parent.group("trace"))
                && !NO_SPAN.equals(parent.group("span"))
                && (parent.group("rest") == null || !FIRST_VERSION.equals(parent.group("version")));
    }

    private static @Nullable String state(String joined) {
        if (joined.isBlank() || joined.length() > MAX_STATE_CHARS) {
            return null;
        }
        String[] members = joined.split(",", -1);
        for (String member : members) {
            if (!STATE_MEMBER.matcher(member).matches()) {
                return null;
            }
        }
        return members.length > MAX_STATE_MEMBERS ? null : joined;
    }

    private String newTraceId() {
        String id = hex(16);
        return id.equals(NO_TRACE) ? newTraceId() : id;
    }

    private String newSpanId() {
        String id = hex(8);
        return id.equals(NO_SPAN) ? newSpanId() : id;
    }

    private String hex(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return HEX.formatHex(bytes);
    }
}
