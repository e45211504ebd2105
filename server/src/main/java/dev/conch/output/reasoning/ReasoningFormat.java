package dev.conch.output.reasoning;

import dev.conch.generation.OutputConstraint;
import dev.conch.output.parser.AnswerParser;
import java.util.List;

/** How a model marks what it thinks before it answers. Immutable, thread-safe. */
public interface ReasoningFormat {

    /** What a model's configuration calls it. */
    String name();

    /**
     * A parser for one choice.
     *
     * @param prompt the end of the rendered prompt, which may have opened the block of reasoning already: what the template wrote after
     *     the last message, and of a message that is continued the part that is there. No earlier message is in it: one that speaks of
     *     a marker is no marker
     * @param answer is given what is not reasoning
     */
    AnswerParser newParser(String prompt, AnswerParser answer);

    /**
     * The constraint of an answer before which the model may think as it likes.
     *
     * @param prompt the end of the rendered prompt, as for the parser
     * @param answer what comes after the reasoning
     */
    OutputConstraint constraint(String prompt, OutputConstraint answer);

    /**
     * Texts that the parser has to see even where the tokenizer has them as control tokens, which are otherwise left out of the text.
     */
    List<String> markers();
}
