package dev.conch.constraint;

import java.util.List;

/** A regular expression, as a tree. */
sealed interface RegexNode {

    /** The empty text. */
    record Empty() implements RegexNode {}

    /** The beginning of the text. */
    record Start() implements RegexNode {}

    /** The end of the text. */
    record End() implements RegexNode {}

    /** One character of a set; written as the complement where that is shorter. */
    record Chars(CharSet set, boolean negated) implements RegexNode {}

    record Sequence(List<RegexNode> parts) implements RegexNode {
        public Sequence {
            parts = List.copyOf(parts);
        }
    }

    record Alternation(List<RegexNode> branches) implements RegexNode {
        public Alternation {
            branches = List.copyOf(branches);
        }
    }

    /**
     * Something several times.
     *
     * @param most {@link #UNBOUNDED}, or not below {@code least}
     */
    record Repeat(RegexNode body, int least, int most) implements RegexNode {}

    int UNBOUNDED = -1;
}
