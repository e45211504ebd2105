package dev.conch.output.toolcall.json;

import dev.conch.generation.OutputConstraint;
import dev.conch.output.parser.AnswerParser;
import dev.conch.output.toolcall.CallRule;
import dev.conch.output.toolcall.FunctionSignature;
import dev.conch.output.toolcall.ToolFormat;
import java.util.List;

/** A dialect whose calls are in a {@link JsonLayout}. */
final class JsonDialect implements ToolFormat {
    private final String name;
    private final int idChars;
    private final JsonMarks marks;

    /** @param idChars how long the id of a call has to be, letters and digits; 0: as long as it likes */
    JsonDialect(String name, int idChars, JsonLayout layout) {
        this.name = name;
        this.idChars = idChars;
        this.marks = new JsonMarks(layout);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public AnswerParser newParser(List<FunctionSignature> functions) {
        return new JsonCallParser(marks);
    }

    @Override
    public OutputConstraint constraint(List<FunctionSignature> functions, CallRule rule) {
        return new JsonConstraint(marks.layout).of(functions, rule);
    }

    @Override
    public List<String> markers() {
        return marks.all();
    }

    @Override
    public String callId(String unique) {
        return idChars == 0 ? ToolFormat.super.callId(unique) : unique.substring(0, idChars);
    }
}
