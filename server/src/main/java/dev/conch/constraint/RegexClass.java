package dev.conch.constraint;

import dev.conch.constraint.RegexNode.Chars;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a class of characters, behind its opening bracket. {@code \d}, {@code \w} and {@code \s} are ASCII, as in RE2. */
final class RegexClass {
    private static final Map<String, CharSet> POSIX = Map.ofEntries(
            Map.entry("alnum", CharSet.of('0', '9').with(CharSet.of('A', 'Z')).with(CharSet.of('a', 'z'))),
            Map.entry("alpha", CharSet.of('A', 'Z').with(CharSet.of('a', 'z'))),
            Map.entry("digit", CharSet.DIGITS),
            Map.entry("lower", CharSet.of('a', 'z')),
            Map.entry(
                    "punct",
                    CharSet.of('!', '/')
                            .with(CharSet.of(':', '@'))
                            .with(CharSet.of('[', '`'))
                            .with(CharSet.of('{', '~'))),
            Map.entry("space", CharSet.of('\t', '\r').with(CharSet.of(' ', ' '))),
            Map.entry("upper", CharSet.of('A', 'Z')),
            Map.entry("word", CharSet.WORD),
            Map.entry("xdigit", CharSet.DIGITS.with(CharSet.of('A', 'F')).with(CharSet.of('a', 'f'))));

    private static final int NOT_A_CHARACTER = -1;

    private final RegexParser parser;
    private final List<CharSet.Range> ranges = new ArrayList<>();

    RegexClass(RegexParser parser) {
        this.parser = parser;
    }

    /** The set of a class that an escape names, or of which it names the complement; null: it names none. */
    static @Nullable CharSet named(int escape) {
        return switch (escape) {
            case 'd', 'D' -> CharSet.DIGITS;
            case 'w', 'W' -> CharSet.WORD;
            case 's', 'S' -> CharSet.SPACE;
            default -> null;
        };
    }

    Chars read() {
        boolean negated = parser.accept('^');
        boolean first = true;
        while (first || !parser.accept(']')) {
            if (parser.done()) {
                throw parser.invalid("missing ']'");
            }
            element();
            first = false;
        }
        Chars chars = chars(CharSet.normalized(ranges), negated);
        if (chars.set().isEmpty()) {
            throw parser.invalid("a class without any character");
        }
        return chars;
    }

    /** No engine is told of NUL: classes that have it lose it, and those that exclude it say what they include. */
    private static Chars chars(CharSet set, boolean negated) {
        if (negated && !set.contains(0)) {
            return new Chars(set, true);
        }
        return new Chars((negated ? set.complement() : set).withoutNul(), false);
    }

    private void element() {
        if (parser.lookingAt("[:")) {
            posix();
            return;
        }
        int low = character();
        if (low == NOT_A_CHARACTER || !isRange()) {
            return;
        }
        parser.skip(1);
        int high = character();
        if (high < low) {
            throw parser.invalid("a range whose end is before its beginning");
        }
        ranges.add(new CharSet.Range(low, high));
    }

    private boolean isRange() {
        return parser.lookingAt("-") && !parser.lookingAt("-]");
    }

    /** Reads one character, or a named class, which is added at once. */
    private int character() {
        if (parser.done()) {
            throw parser.invalid("missing ']'");
        }
        int c = parser.next();
        if (c == '\\') {
            CharSet named = parser.done() ? null : named(parser.peek());
            if (named != null) {
                boolean complement = Character.isUpperCase(parser.next());
                ranges.addAll((complement ? named.complement() : named).ranges());
                return NOT_A_CHARACTER;
            }
            c = parser.escapedChar();
        }
        if (!isRange()) {
            ranges.add(new CharSet.Range(c, c));
        }
        return c;
    }

    private void posix() {
        for (Map.Entry<String, CharSet> named : POSIX.entrySet()) {
            for (String form : List.of("[:" + named.getKey() + ":]", "[:^" + named.getKey() + ":]")) {
                if (parser.lookingAt(form)) {
                    parser.skip(form.length());
                    ranges.addAll((form.charAt(2) == '^' ? named.getValue().complement() : named.getValue()).ranges());
                    return;
                }
            }
        }
        throw parser.invalid("a class in brackets that is none of "
                + POSIX.keySet().stream().sorted().toList());
    }
}
