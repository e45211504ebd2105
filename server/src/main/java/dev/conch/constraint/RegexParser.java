package dev.conch.constraint;

import dev.conch.constraint.RegexNode.Alternation;
import dev.conch.constraint.RegexNode.Chars;
import dev.conch.constraint.RegexNode.Empty;
import dev.conch.constraint.RegexNode.End;
import dev.conch.constraint.RegexNode.Repeat;
import dev.conch.constraint.RegexNode.Sequence;
import dev.conch.constraint.RegexNode.Start;
import dev.conch.generation.GenerationException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Reads a regular expression of RE2's syntax, as far as it describes a language that XGrammar and llguidance can be told of: no
 * backreferences and no looking around (nothing in RE2 has them), no flags, word boundaries, Unicode classes or possessive repeats. One pass;
 * nesting is bounded. For one thread.
 */
final class RegexParser {
    private static final String META = "\\.+*?()|[]{}^$";

    private final int[] pattern;
    private final Budget budget;
    private final Place place;
    private final BiFunction<Place, String, GenerationException> refusal;
    private int at;

    RegexParser(String pattern, Budget budget, Place place, BiFunction<Place, String, GenerationException> refusal) {
        this.pattern = pattern.codePoints().toArray();
        this.budget = budget;
        this.place = place;
        this.refusal = refusal;
    }

    RegexNode parse() {
        RegexNode node = alternation(1);
        if (!done()) {
            throw invalid("unexpected ')'");
        }
        return node;
    }

    private RegexNode alternation(int depth) {
        budget.depth(depth, place);
        List<RegexNode> branches = new ArrayList<>();
        branches.add(sequence(depth));
        while (accept('|')) {
            branches.add(sequence(depth));
        }
        return branches.size() == 1 ? branches.getFirst() : new Alternation(branches);
    }

    private RegexNode sequence(int depth) {
        List<RegexNode> parts = new ArrayList<>();
        while (!done() && peek() != '|' && peek() != ')') {
            parts.add(repeated(atom(depth)));
        }
        return switch (parts.size()) {
            case 0 -> new Empty();
            case 1 -> parts.getFirst();
            default -> new Sequence(parts);
        };
    }

    private RegexNode atom(int depth) {
        budget.node(place);
        budget.time(place);
        int c = next();
        return switch (c) {
            case '(' -> group(depth);
            case '[' -> new RegexClass(this).read();
            case '.' -> new Chars(CharSet.NEWLINE, true);
            case '^' -> new Start();
            case '$' -> new End();
            case '\\' -> escape();
            case '*', '+', '?' -> throw invalid("nothing to repeat before '%c'".formatted(c));
            case '{' -> literalBrace();
            case 0 -> throw invalid("the character NUL is not supported");
            default -> single(c);
        };
    }

    /** Some engines read <code>{,5}</code> as a repeat, RE2 as itself. */
    private RegexNode literalBrace() {
        int digits = at;
        while (digits < pattern.length && (Character.isDigit(pattern[digits]) || pattern[digits] == ',')) {
            digits++;
        }
        if (digits > at && digits < pattern.length && pattern[digits] == '}') {
            throw invalid("a repeat that does not begin with a number, or repeats nothing");
        }
        return single('{');
    }

    private RegexNode group(int depth) {
        if (accept('?')) {
            groupKind();
        }
        RegexNode inner = alternation(depth + 1);
        if (!accept(')')) {
            throw invalid("missing ')'");
        }
        return inner;
    }

    private void groupKind() {
        if (accept(':')) {
            return;
        }
        boolean python = accept('P');
        if (accept('<') && !done() && peek() != '=' && peek() != '!') {
            groupName();
            return;
        }
        if (!done() && !python && (peek() == '=' || peek() == '!')) {
            throw invalid("lookahead and lookbehind are not supported");
        }
        throw invalid(python ? "backreferences are not supported" : "flags of a group are not supported");
    }

    private void groupName() {
        int start = at;
        while (!done() && (peek() == '_' || (peek() < 128 && Character.isLetterOrDigit(peek())))) {
            at++;
        }
        if (at == start || !accept('>')) {
            throw invalid("a group's name is letters, digits and '_' between '<' and '>'");
        }
    }

    private RegexNode escape() {
        if (done()) {
            throw invalid("nothing after the last '\\'");
        }
        int c = peek();
        CharSet named = RegexClass.named(c);
        if (named != null) {
            at++;
            boolean negated = Character.isUpperCase(c);
            return new Chars(named, negated);
        }
        return switch (c) {
            case 'A' -> skipped(new Start());
            case 'z' -> skipped(new End());
            default -> escapedLiteral();
        };
    }

    private RegexNode escapedLiteral() {
        int c = escapedChar();
        if (c == 0) {
            throw invalid("the character NUL is not supported");
        }
        return single(c);
    }

    private RegexNode skipped(RegexNode node) {
        at++;
        return node;
    }

    /** The character that an escape means, behind its backslash. */
    int escapedChar() {
        if (done()) {
            throw invalid("nothing after the last '\\'");
        }
        int c = next();
        return switch (c) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'f' -> '\f';
            case 'v' -> 0x0B;
            case 'a' -> 0x07;
            case 'x' -> hex(2);
            case 'u' -> hex(4);
            default -> escapedItself(c);
        };
    }

    private int escapedItself(int c) {
        if ((c >= '1' && c <= '9') || c == 'k') {
            throw invalid("backreferences are not supported");
        }
        if (c == 'b' || c == 'B') {
            throw invalid("word boundaries are not supported");
        }
        if (c == 'p' || c == 'P') {
            throw invalid("Unicode classes such as \\p{L} are not supported (write ranges)");
        }
        if (c >= 128 || Character.isLetterOrDigit(c)) {
            throw invalid("the escape '\\%s' is not supported".formatted(Character.toString(c)));
        }
        return c;
    }

    private int hex(int digits) {
        boolean braces = accept('{');
        int most = braces ? 6 : digits;
        int value = 0;
        int read = 0;
        while (!done() && read < most && peek() < 128 && Character.digit(peek(), 16) >= 0) {
            value = value * 16 + Character.digit(next(), 16);
            read++;
        }
        boolean complete = braces ? read > 0 && accept('}') : read == digits;
        if (!complete || value > CharSet.LAST || isSurrogate(value)) {
            throw invalid("no character is meant by the escape in hexadecimal");
        }
        return value;
    }

    private static boolean isSurrogate(int value) {
        return value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE;
    }

    private RegexNode repeated(RegexNode body) {
        if (done()) {
            return body;
        }
        int start = at;
        int least;
        int most;
        switch (next()) {
            case '*' -> {
                least = 0;
                most = RegexNode.UNBOUNDED;
            }
            case '+' -> {
                least = 1;
                most = RegexNode.UNBOUNDED;
            }
            case '?' -> {
                least = 0;
                most = 1;
            }
            case '{' -> {
                int first = number();
                if (first < 0) {
                    at = start;
                    return body;
                }
                least = first;
                most = accept(',') ? (!done() && peek() == '}' ? RegexNode.UNBOUNDED : number()) : first;
                if (!accept('}') || (most != RegexNode.UNBOUNDED && most < least)) {
                    throw invalid("a repeat has the form {n}, {n,} or {n,m}, with n not above m");
                }
            }
            default -> {
                at = start;
                return body;
            }
        }
        accept('?');
        refuseRepeatOfRepeat();
        if (body instanceof Start || body instanceof End) {
            throw invalid("'^' and '$' cannot be repeated");
        }
        return simplified(body, least, most);
    }

    private void refuseRepeatOfRepeat() {
        if (!done() && (peek() == '*' || peek() == '+' || peek() == '?')) {
            throw invalid("a repeat of a repeat (expected: a group around the first)");
        }
        if (!done() && peek() == '{' && at + 1 < pattern.length && Character.isDigit(pattern[at + 1])) {
            throw invalid("a repeat of a repeat (expected: a group around the first)");
        }
    }

    /** A star of a star is a star. */
    private static RegexNode simplified(RegexNode body, int least, int most) {
        if (body instanceof Empty || most == 0) {
            return new Empty();
        }
        if (body instanceof Repeat inner && inner.most() == RegexNode.UNBOUNDED && inner.least() <= 1 && least <= 1) {
            return new Repeat(inner.body(), least == 0 ? 0 : inner.least(), RegexNode.UNBOUNDED);
        }
        return new Repeat(body, least, most);
    }

    /** -1: there is no number. */
    private int number() {
        int start = at;
        int value = 0;
        while (!done() && peek() >= '0' && peek() <= '9') {
            value = Math.min(value * 10 + (next() - '0'), Budget.MAX_REPEAT + 1);
        }
        if (value > Budget.MAX_REPEAT) {
            throw Refusal.tooComplex(place, "a repeat of more than %d".formatted(Budget.MAX_REPEAT));
        }
        return at == start ? -1 : value;
    }

    private static RegexNode single(int c) {
        return new Chars(CharSet.of(c, c), false);
    }

    boolean done() {
        return at >= pattern.length;
    }

    int peek() {
        return pattern[at];
    }

    int next() {
        return pattern[at++];
    }

    boolean accept(int c) {
        if (done() || peek() != c) {
            return false;
        }
        at++;
        return true;
    }

    /** What stands here. */
    boolean lookingAt(String text) {
        if (at + text.length() > pattern.length) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (pattern[at + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    void skip(int chars) {
        at += chars;
    }

    GenerationException invalid(String why) {
        return refusal.apply(place, "no supported regular expression: %s (at character %d)".formatted(why, at));
    }

    static boolean isMeta(int c) {
        return META.indexOf(c) >= 0;
    }
}
