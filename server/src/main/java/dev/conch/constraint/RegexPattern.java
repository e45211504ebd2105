package dev.conch.constraint;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.conch.constraint.RegexNode.Alternation;
import dev.conch.constraint.RegexNode.Chars;
import dev.conch.constraint.RegexNode.Empty;
import dev.conch.constraint.RegexNode.End;
import dev.conch.constraint.RegexNode.Repeat;
import dev.conch.constraint.RegexNode.Sequence;
import dev.conch.constraint.RegexNode.Start;
import dev.conch.generation.GenerationException;
import java.util.List;
import java.util.function.BiFunction;

/**
 * A regular expression that was checked, in words that RE2, XGrammar and llguidance understand alike: they differ in what {@code .},
 * {@code \d} and {@code \x} mean, so that these are written out.
 *
 * @param tree whose anchors stand where a text begins or ends
 */
record RegexPattern(RegexNode tree) {
    private static final int MAX_CHARS = 1_024;

    /**
     * Reads a pattern.
     *
     * @param refusal what a wrong one is called
     */
    static RegexPattern read(
            String pattern, Budget budget, Place place, BiFunction<Place, String, GenerationException> refusal) {
        if (pattern.length() > MAX_CHARS) {
            throw Refusal.tooComplex(
                    place, "the regular expression is too long (limit: %d characters)".formatted(MAX_CHARS));
        }
        RegexNode tree = new RegexParser(pattern, budget, place, refusal).parse();
        budget.repeats(size(tree, 1, place), place);
        if (!anchoredAtEnds(tree, true, true)) {
            throw refusal.apply(
                    place, "no supported regular expression: '^' or '$' where a text does not begin or end");
        }
        var read = new RegexPattern(tree);
        requireRe2(read.searched(), place, refusal);
        return read;
    }

    /** RE2 itself has the last word on what is a regular expression. */
    private static void requireRe2(
            String pattern, Place place, BiFunction<Place, String, GenerationException> refusal) {
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw refusal.apply(place, "no regular expression of RE2's syntax");
        }
    }

    /** With its anchors, for a text that is searched for it. */
    String searched() {
        return RegexWriter.write(tree, true);
    }

    /** Without anchors, for a text that it is the whole of. */
    String whole() {
        return RegexWriter.write(tree, false);
    }

    /** How many characters there are when repeats are written out. */
    private static long size(RegexNode node, long times, Place place) {
        return switch (node) {
            case Empty ignored -> 0;
            case Start ignored -> 0;
            case End ignored -> 0;
            case Chars ignored -> times;
            case Sequence(List<RegexNode> parts) -> sizes(parts, times, place);
            case Alternation(List<RegexNode> branches) -> sizes(branches, times, place);
            case Repeat repeat -> size(repeat.body(), product(times, repeat, place), place);
        };
    }

    private static long sizes(List<RegexNode> nodes, long times, Place place) {
        return nodes.stream().mapToLong(node -> size(node, times, place)).sum();
    }

    private static long product(long times, Repeat repeat, Place place) {
        long product = times * Math.max(1, Math.max(repeat.least(), repeat.most()));
        if (product > Budget.MAX_REPEAT) {
            throw Refusal.tooComplex(place, "repeats that multiply to more than %d".formatted(Budget.MAX_REPEAT));
        }
        return product;
    }

    /** Elsewhere nothing could match, or engines disagree. */
    private static boolean anchoredAtEnds(RegexNode node, boolean atStart, boolean atEnd) {
        return switch (node) {
            case Empty ignored -> true;
            case Chars ignored -> true;
            case Start ignored -> atStart;
            case End ignored -> atEnd;
            case Repeat repeat -> anchoredAtEnds(repeat.body(), false, false);
            case Alternation(List<RegexNode> branches) ->
                branches.stream().allMatch(branch -> anchoredAtEnds(branch, atStart, atEnd));
            case Sequence(List<RegexNode> parts) -> anchoredAtEnds(parts, atStart, atEnd);
        };
    }

    private static boolean anchoredAtEnds(List<RegexNode> parts, boolean atStart, boolean atEnd) {
        int first = 0;
        while (first < parts.size() - 1 && parts.get(first) instanceof Start) {
            first++;
        }
        int last = parts.size() - 1;
        while (last > first && parts.get(last) instanceof End) {
            last--;
        }
        for (int i = 0; i < parts.size(); i++) {
            if (!anchoredAtEnds(parts.get(i), atStart && i <= first, atEnd && i >= last)) {
                return false;
            }
        }
        return true;
    }
}
