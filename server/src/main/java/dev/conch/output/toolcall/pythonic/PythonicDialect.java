package dev.conch.output.toolcall.pythonic;

import dev.conch.generation.OutputConstraint;
import dev.conch.output.parser.AnswerParser;
import dev.conch.output.toolcall.CallRule;
import dev.conch.output.toolcall.FunctionSignature;
import dev.conch.output.toolcall.ToolFormat;
import java.util.List;

/** A dialect whose calls are Python's, in a {@link PythonicLayout}. */
record PythonicDialect(String name, PythonicLayout layout) implements ToolFormat {

    @Override
    public AnswerParser newParser(List<FunctionSignature> functions) {
        return new PythonicParser(layout);
    }

    @Override
    public OutputConstraint constraint(List<FunctionSignature> functions, CallRule rule) {
        return new PythonicConstraint(layout).of(functions, rule);
    }

    @Override
    public List<String> markers() {
        return layout.markers();
    }
}
