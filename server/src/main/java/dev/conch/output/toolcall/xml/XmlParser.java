package dev.conch.output.toolcall.xml;

import dev.conch.output.toolcall.FunctionSignature;
import dev.conch.output.toolcall.scan.ModalParser;
import dev.conch.output.toolcall.schema.ParameterSchemas;
import dev.conch.output.toolcall.schema.ValueForm;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one answer in an {@link XmlLayout}.
 *
 * <p>A value may hold any text, its own end tag too: the tag ends the value only if an argument, or the end of the call, comes next. What
 * begins like a call is one only when the first argument, or the end of the call, is there; until then it is held back.
 */
final class XmlParser extends ModalParser {
    private static final int LONGEST_NAME = 256;

    private final XmlTags tags;
    private final Map<String, ParameterSchemas> functions = new HashMap<>();

    private boolean inBlock;
    /** Whether this block has held a call already. */
    private boolean called;

    /** The name of a function or of an argument, while it is read. */
    private final StringBuilder word = new StringBuilder();

    private String name = "";
    private boolean started;
    private ArgumentsWriter arguments = new ArgumentsWriter(out);
    /** The end tag behind which it is not clear yet whether the value has ended; empty if there is none. */
    private String valueEnd = "";

    XmlParser(XmlTags tags, List<FunctionSignature> offered) {
        this.tags = tags;
        offered.forEach(function -> functions.put(function.name(), new ParameterSchemas(function.parameters())));
        mode(this::outside);
    }

    private void outside() {
        String mark = search(tags.outside, out::text);
        if (mark == null) {
            return;
        }
        out.maybeCall(mark);
        inBlock = !mark.equals(tags.callBegin);
        called = false;
        if (inBlock) {
            mode(this::block);
        } else {
            beginName();
        }
    }

    private void block() {
        String mark = expect(tags.inBlock, this::noCall);
        if (mark == null) {
            return;
        }
        if (mark.equals(tags.callBegin)) {
            out.maybeCall(expected());
            beginName();
        } else if (called) {
            mode(this::outside);
        } else {
            out.maybeCall(expected());
            noCall();
        }
    }

    private void noCall() {
        out.notACall();
        mode(this::outside);
    }

    private void beginName() {
        word.setLength(0);
        mode(this::name);
    }

    private void name() {
        int before = word.length();
        boolean over = readWord(word, XmlParser::inName, LONGEST_NAME);
        out.maybeCall(word.substring(before));
        if (over) {
            mode(word.isEmpty() ? this::noCall : this::behindName);
        }
    }

    private void behindName() {
        String mark = expect(tags.behindName, this::noCall);
        if (mark == null) {
            return;
        }
        if (mark.equals(tags.nameEnd)) {
            out.maybeCall(expected());
        } else {
            unread(expected());
        }
        name = word.toString();
        started = false;
        arguments = new ArgumentsWriter(out);
        mode(this::call);
    }

    private void call() {
        String mark = expect(tags.inCall, this::notInCall);
        if (mark == null) {
            return;
        }
        if (!valueEnd.isEmpty()) {
            arguments.endArgument();
            valueEnd = "";
        }
        if (!started) {
            out.start(name, null);
            started = true;
        }
        if (mark.equals(tags.argumentBegin)) {
            word.setLength(0);
            mode(this::key);
        } else {
            endCall(mark.equals(tags.callEnd));
        }
    }

    private void endCall(boolean asItShould) {
        arguments.endArguments();
        out.end(asItShould);
        called = true;
        mode(asItShould && inBlock ? this::block : this::outside);
    }

    private void notInCall() {
        if (!valueEnd.isEmpty()) {
            arguments.value(valueEnd);
            valueEnd = "";
            mode(this::value);
        } else if (started) {
            breakOff();
        } else {
            noCall();
        }
    }

    private void breakOff() {
        out.end(false);
        mode(this::outside);
    }

    private void key() {
        if (readWord(word, XmlParser::inKey, LONGEST_NAME)) {
            mode(this::keyEnd);
        }
    }

    private void keyEnd() {
        String mark = expect(tags.keyEnds, this::brokenKey);
        if (mark == null) {
            return;
        }
        String key = word.toString().strip();
        arguments.beginArgument(key, form(key, mark));
        mode(tags.valueBegin.isEmpty() ? this::valueStart : this::valueBegin);
    }

    private void brokenKey() {
        breakOff();
        out.text(tags.argumentBegin + word);
    }

    private ValueForm form(String key, String keyEnd) {
        if (keyEnd.equals(tags.stringKeyEnd)) {
            return ValueForm.TEXT;
        }
        if (keyEnd.equals(tags.jsonKeyEnd)) {
            return ValueForm.JSON;
        }
        ParameterSchemas schemas = functions.get(name);
        return schemas == null ? ValueForm.TEXT : schemas.form(key);
    }

    private void valueBegin() {
        if (expect(tags.valueBegins, this::breakOff) != null) {
            mode(this::valueStart);
        }
    }

    private void valueStart() {
        if (tags.valueOnOwnLines) {
            skip('\n');
        }
        mode(this::value);
    }

    private void value() {
        String mark = search(tags.valueEnds, arguments::value);
        if (mark != null) {
            valueEnd = mark;
            mode(this::call);
        }
    }

    @Override
    protected void end() {
        if (valueEnd.isEmpty()) {
            arguments.breakOff();
        } else {
            arguments.endArgument();
        }
    }

    private static boolean inName(int c) {
        return !Character.isWhitespace(c) && "<>\"=".indexOf(c) < 0;
    }

    private static boolean inKey(int c) {
        return "<>\"\n".indexOf(c) < 0;
    }
}
