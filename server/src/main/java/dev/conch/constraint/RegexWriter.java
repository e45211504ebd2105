package dev.conch.constraint;

import dev.conch.constraint.RegexNode.Alternation;
import dev.conch.constraint.RegexNode.Chars;
import dev.conch.constraint.RegexNode.Empty;
import dev.conch.constraint.RegexNode.End;
import dev.conch.constraint.RegexNode.Repeat;
import dev.conch.constraint.RegexNode.Sequence;
import dev.conch.constraint.RegexNode.Start;
import java.util.List;

/** Writes regular expressions in the words that all engines share: characters as they are, ranges, groups without names, repeats. */
final class RegexWriter {
    private final StringBuilder text = new StringBuilder();
    private final boolean anchors;

    private RegexWriter(boolean anchors) {
        this.anchors = anchors;
    }

    static String write(RegexNode node, boolean anchors) {
        var writer = new RegexWriter(anchors);
        writer.node(node);
        return writer.text.toString();
    }

    private void node(RegexNode node) {
        switch (node) {
            case Empty ignored -> {}
            case Start ignored -> anchor('^');
            case End ignored -> anchor('$');
            case Chars chars -> chars(chars);
            case Sequence(List<RegexNode> parts) -> parts.forEach(this::part);
            case Alternation alternation -> alternation(alternation);
            case Repeat repeat -> repeat(repeat);
        }
    }

    private void anchor(char anchor) {
        if (anchors) {
            text.append(anchor);
        }
    }

    private void part(RegexNode part) {
        if (part instanceof Alternation) {
            group(part);
        } else {
            node(part);
        }
    }

    private void group(RegexNode node) {
        text.append("(?:");
        node(node);
        text.append(')');
    }

    private void alternation(Alternation alternation) {
        String separator = "";
        for (RegexNode branch : alternation.branches()) {
            text.append(separator);
            node(branch);
            separator = "|";
        }
    }

    private void repeat(Repeat repeat) {
        if (repeat.body() instanceof Chars chars) {
            chars(chars);
        } else {
            group(repeat.body());
        }
        text.append(suffix(repeat.least(), repeat.most()));
    }

    static String suffix(int least, int most) {
        if (most == RegexNode.UNBOUNDED) {
            return least == 0 ? "*" : least == 1 ? "+" : "{" + least + ",}";
        }
        if (least == 0 && most == 1) {
            return "?";
        }
        return least == most ? "{" + least + "}" : "{" + least + "," + most + "}";
    }

    private void chars(Chars chars) {
        int only = chars.negated() ? -1 : chars.set().only();
        if (only >= 0) {
            literal(only);
        } else {
            charClass(chars);
        }
    }

    private void literal(int c) {
        if (RegexParser.isMeta(c)) {
            text.append('\\');
        }
        character(c);
    }

    /** XGrammar takes a caret in front for a negation even if it is escaped, so it comes last, and no range begins or ends with it. */
    private void charClass(Chars chars) {
        text.append(chars.negated() ? "[^" : "[");
        for (CharSet.Range range : chars.set().rangesWithout("^-")) {
            classCharacter(range.first());
            if (range.last() > range.first()) {
                text.append('-');
                classCharacter(range.last());
            }
        }
        alone(chars.set(), '-');
        alone(chars.set(), '^');
        text.append(']');
    }

    private void alone(CharSet set, int c) {
        boolean cutOff =
                set.contains(c) && set.rangesWithout("^-").stream().noneMatch(r -> r.first() <= c && c <= r.last());
        if (cutOff) {
            text.append('\\');
            text.appendCodePoint(c);
        }
    }

    private void classCharacter(int c) {
        if ("\\][&~".indexOf(c) >= 0) {
            text.append('\\');
        }
        character(c);
    }

    private void character(int c) {
        switch (c) {
            case '\n' -> text.append("\\n");
            case '\r' -> text.append("\\r");
            case '\t' -> text.append("\\t");
            default -> text.appendCodePoint(c);
        }
    }
}
