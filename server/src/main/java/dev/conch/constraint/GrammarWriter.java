package dev.conch.constraint;

import dev.conch.constraint.GrammarNode.Alternation;
import dev.conch.constraint.GrammarNode.Chars;
import dev.conch.constraint.GrammarNode.Reference;
import dev.conch.constraint.GrammarNode.Repeat;
import dev.conch.constraint.GrammarNode.Sequence;
import dev.conch.constraint.GrammarNode.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a grammar in the words that XGrammar and llguidance's reader of GBNF share: a line for each rule, {@code root} first, plain names,
 * and characters as they are wherever one may stand.
 */
final class GrammarWriter {
    static final String ROOT = "root";
    /** Neither stands at the end of a range, because dialects disagree there. */
    private static final String APART = "^-";

    private final StringBuilder text = new StringBuilder();
    private final Map<String, String> names = new LinkedHashMap<>();

    static String write(Map<String, GrammarNode> rules) {
        var writer = new GrammarWriter();
        writer.names.put(ROOT, ROOT);
        rules.keySet().forEach(name -> writer.names.putIfAbsent(name, "r" + writer.names.size()));
        writer.names.forEach((name, shown) -> {
            GrammarNode body = rules.get(name);
            if (body != null) {
                writer.text.append(shown).append(" ::= ");
                writer.node(body);
                writer.text.append('\n');
            }
        });
        return writer.text.toString();
    }

    /** A text, in parts that can be written. */
    static GrammarNode texts(String words) {
        List<GrammarNode> parts = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < words.length(); i++) {
            if (needsHex(words.charAt(i))) {
                parts.add(new Text(words.substring(from, i + 1)));
                from = i + 1;
            }
        }
        if (from < words.length() || parts.isEmpty()) {
            parts.add(new Text(words.substring(from)));
        }
        return parts.size() == 1 ? parts.getFirst() : new Sequence(parts);
    }

    private void node(GrammarNode node) {
        switch (node) {
            case Text(String words) -> words(words);
            case Chars chars -> chars(chars);
            case Reference reference -> text.append(names.get(reference.rule()));
            case Sequence(List<GrammarNode> parts) -> joined(parts, " ");
            case Alternation(List<GrammarNode> branches) -> joined(branches, " | ");
            case Repeat repeat -> {
                repeated(repeat.body());
                text.append(RegexWriter.suffix(repeat.least(), repeat.most()));
            }
        }
    }

    private void joined(List<GrammarNode> nodes, String separator) {
        String before = "";
        for (GrammarNode node : nodes) {
            text.append(before);
            if (node instanceof Repeat) {
                node(node);
            } else {
                inGroupIfMany(node);
            }
            before = separator;
        }
    }

    /** The empty text keeps llguidance's reader from taking a repeat of a repeat for another operator. */
    private void repeated(GrammarNode body) {
        if (body instanceof Repeat) {
            text.append('(');
            node(body);
            text.append(" \"\")");
        } else {
            inGroupIfMany(body);
        }
    }

    private void inGroupIfMany(GrammarNode node) {
        if (node instanceof Sequence || node instanceof Alternation || node instanceof Repeat) {
            text.append('(');
            node(node);
            text.append(')');
        } else {
            node(node);
        }
    }

    private void words(String words) {
        text.append('"');
        words.codePoints().forEach(c -> {
            if (c == '"') {
                text.append('\\');
            }
            character(c);
        });
        text.append('"');
    }

    private void chars(Chars chars) {
        if (!chars.negated() && chars.set().only() == '^') {
            words("^");
            return;
        }
        text.append(chars.negated() ? "[^" : "[");
        List<CharSet.Range> ranges = chars.set().rangesWithout(APART);
        if (cutOff(chars.set(), ranges, '-')) {
            text.append('-');
        }
        ranges.stream().filter(range -> !hasHex(range)).forEach(this::range);
        if (cutOff(chars.set(), ranges, '^')) {
            text.append('^');
        }
        ranges.stream().filter(GrammarWriter::hasHex).forEach(this::range);
        text.append(']');
    }

    private static boolean cutOff(CharSet set, List<CharSet.Range> ranges, int c) {
        return set.contains(c) && ranges.stream().noneMatch(range -> range.first() <= c && c <= range.last());
    }

    private static boolean hasHex(CharSet.Range range) {
        return needsHex(range.first()) || needsHex(range.last());
    }

    private void range(CharSet.Range range) {
        classCharacter(range.first());
        if (range.last() > range.first()) {
            text.append('-');
            classCharacter(range.last());
        }
    }

    private void classCharacter(int c) {
        if (c == ']' || c == '[') {
            text.append('\\');
        }
        character(c);
    }

    private void character(int c) {
        switch (c) {
            case '\\' -> text.append("\\\\");
            case '\n' -> text.append("\\n");
            case '\r' -> text.append("\\r");
            case '\t' -> text.append("\\t");
            default -> {
                if (needsHex(c)) {
                    text.append("\\x%02x".formatted(c));
                } else {
                    text.appendCodePoint(c);
                }
            }
        }
    }

    /** Such an escape has no end of its own in XGrammar: a character that could be a digit must not follow. */
    static boolean needsHex(int c) {
        return (c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F;
    }
}
