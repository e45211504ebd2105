package dev.conch.output.toolcall.xml;

import dev.conch.output.toolcall.pythonic.PythonLiteral;
import dev.conch.output.toolcall.scan.AnswerWriter;
import dev.conch.output.toolcall.scan.JsonStrings;
import dev.conch.output.toolcall.scan.JsonValues;
import dev.conch.output.toolcall.scan.ObjectWriter;
import dev.conch.output.toolcall.schema.ValueForm;

/**
 * Writes the arguments of one call as a JSON object, one after the other: strings as their text comes, other values when they are
 * complete. Not thread-safe.
 */
final class ArgumentsWriter {
    private static final int LONGEST_NULL = 4;

    private final AnswerWriter out;
    private final ObjectWriter object;
    private ValueForm form = ValueForm.TEXT;
    /** The value so far, where it cannot be written yet. */
    private final StringBuilder value = new StringBuilder();

    ArgumentsWriter(AnswerWriter out) {
        this.out = out;
        this.object = new ObjectWriter(out);
    }

    void beginArgument(String name, ValueForm valueForm) {
        object.key(name);
        form = valueForm;
        if (form == ValueForm.TEXT) {
            out.arguments("\"");
        }
    }

    void value(String more) {
        if (form == ValueForm.TEXT) {
            out.arguments(JsonStrings.escaped(more));
            return;
        }
        value.append(more);
        if (form == ValueForm.TEXT_OR_NULL && value.length() > LONGEST_NULL) {
            becomeText();
        }
    }

    void endArgument() {
        switch (form) {
            case TEXT -> out.arguments("\"");
            case TEXT_OR_NULL -> out.arguments(isNull() ? "null" : JsonStrings.quoted(value.toString()));
            case JSON -> out.arguments(json(value.toString()));
        }
        value.setLength(0);
    }

    /** Ends the object. */
    void endArguments() {
        object.end();
    }

    /** The answer has ended inside of a value: passes on what there is of it. */
    void breakOff() {
        if (!value.isEmpty()) {
            out.arguments(form == ValueForm.JSON ? value.toString() : '"' + JsonStrings.escaped(value.toString()));
        }
    }

    private void becomeText() {
        form = ValueForm.TEXT;
        out.arguments('"' + JsonStrings.escaped(value.toString()));
        value.setLength(0);
    }

    private boolean isNull() {
        return value.length() == LONGEST_NULL && (value.indexOf("null") == 0 || value.indexOf("None") == 0);
    }

    /** Many templates write values back into prompts as Python does, so models do the same. */
    private static String json(String text) {
        String json = text.strip();
        if (JsonValues.isJson(json)) {
            return json;
        }
        String fromPython = PythonLiteral.toJson(json);
        return fromPython == null ? JsonStrings.quoted(text) : fromPython;
    }
}
