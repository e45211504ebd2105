package dev.conch.output;

import dev.conch.output.parser.AnswerParser;
import dev.conch.output.parser.PlainText;
import java.util.Set;
import java.util.function.Supplier;

/**
 * How the text of an answer is taken apart.
 *
 * @param parser a new one for each choice
 * @param callIds names the calls of functions that the model did not name itself
 * @param maxCalls how many calls a choice may have; those behind are left out
 * @param shownTokens control tokens that the parser has to see, although the text of an answer does not show them
 */
public record AnswerFormat(
        Supplier<AnswerParser> parser, Supplier<String> callIds, int maxCalls, Set<Integer> shownTokens) {
    /** Text and nothing else. */
    public static final AnswerFormat TEXT = new AnswerFormat(PlainText::new, () -> "", 0, Set.of());

    public AnswerFormat {
        shownTokens = Set.copyOf(shownTokens);
    }
}
