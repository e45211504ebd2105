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
     * @param prompt the rendered prompt, whose end may have opened the block of reasoning already
     * @param answer is given what is not reasoning
     */
    AnswerParser newParser(String prompt, AnswerParser answer);

    /**
     * The constraint of an answer before which the model may think as it likes.
     *
     * @param prompt the rendered prompt
     * @param answer what comes after the reasoning
     */
    OutputConstraint constraint(String prompt, OutputConstraint answer);

    /**
     * Texts that the parser has to see even where the tokenizer has them as control tokens, which are otherwise left out of the text.
     */
    List<String> markers();
}
