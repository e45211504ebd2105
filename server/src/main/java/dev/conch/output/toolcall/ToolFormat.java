package dev.conch.output.toolcall;

import dev.conch.generation.OutputConstraint;
import dev.conch.output.parser.AnswerParser;
import java.util.List;

/**
 * The dialect in which a model writes its calls. One description drives both: the constraint that the engine gets, and the parser of what
 * comes back. Immutable, thread-safe.
 */
public interface ToolFormat {

    /** What a model's configuration calls it. */
    String name();

    /**
     * A parser for one choice.
     *
     * @param functions those that were offered; dialects without types in their text need them
     */
    AnswerParser newParser(List<FunctionSignature> functions);

    /**
     * What the engine must hold the model to, so that every call is one of these functions with arguments that conform to its schema.
     *
     * @param functions at least one
     */
    OutputConstraint constraint(List<FunctionSignature> functions, CallRule rule);

    /**
     * Texts that the parser has to see even where the tokenizer has them as control tokens, which are otherwise left out of the text.
     */
    List<String> markers();

    /**
     * The id of a call that the model did not name itself.
     *
     * @param unique letters and digits, at least 22, that no other call has
     */
    default String callId(String unique) {
        return "call_" + unique;
    }
}
