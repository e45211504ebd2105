package dev.conch.constraint;

import java.util.List;

/** A part of a rule of a grammar. */
sealed interface GrammarNode {

    /** Exactly this text, which may be empty. Characters that need an escape in hexadecimal stand at its end alone. */
    record Text(String text) implements GrammarNode {}

    /** One character of a set, or with {@code negated} one that is not in it. */
    record Chars(CharSet set, boolean negated) implements GrammarNode {}

    /** What another rule says. */
    record Reference(String rule, int line) implements GrammarNode {}

    record Sequence(List<GrammarNode> parts) implements GrammarNode {
        public Sequence {
            parts = List.copyOf(parts);
        }
    }

    record Alternation(List<GrammarNode> branches) implements GrammarNode {
        public Alternation {
            branches = List.copyOf(branches);
        }
    }

    /**
     * Something several times.
     *
     * @param most {@link RegexNode#UNBOUNDED}, or not below {@code least}
     */
    record Repeat(GrammarNode body, int least, int most) implements GrammarNode {}
}
