package dev.conch.output.toolcall.pythonic;

import dev.conch.output.toolcall.scan.Marks;
import dev.conch.output.toolcall.scan.ModalParser;
import dev.conch.output.toolcall.scan.ObjectWriter;
import java.util.function.IntPredicate;

/**
 * Reads one answer in a {@link PythonicLayout}. A bracket begins calls only where a line begins, and what follows it is a call only when
 * it has a name, a parenthesis, and the name of an argument or another parenthesis; until then it is held back.
 */
final class PythonicParser extends ModalParser {
    private static final Marks OPEN = Marks.of("(");
    private static final Marks CLOSE = Marks.of(")");
    private static final Marks EQUALS = Marks.of("=");
    private static final Marks BEHIND_VALUE = Marks.of(",", ")");
    private static final Marks BRACKET = Marks.of("[");
    private static final int LONGEST_NAME = 256;
    private static final int MOST_BLANKS = 64;

    private final PythonicLayout layout;
    private final Marks begins;
    private final Marks behindCall;
    private final Marks behindList;

    /** Whether the text so far ends where a line begins, or with its indentation. */
    private boolean atLineStart = true;

    /** A name, or the blanks before it, while they are read. */
    private final StringBuilder word = new StringBuilder();

    private String name = "";
    private boolean started;
    private ObjectWriter arguments = new ObjectWriter(out);
    private PythonLiteral literal = new PythonLiteral();

    PythonicParser(PythonicLayout layout) {
        this.layout = layout;
        this.begins = layout.begins();
        this.behindCall = layout.behindCall();
        this.behindList = layout.behindList();
        mode(this::outside);
    }

    private void outside() {
        String mark = search(begins, this::text);
        if (mark == null) {
            return;
        }
        if (mark.equals("[") && !atLineStart) {
            text(mark);
            return;
        }
        out.maybeCall(mark);
        if (layout.brackets() && !mark.equals("[")) {
            mode(this::bracket);
        } else {
            beginCall();
        }
    }

    private void text(String more) {
        int line = more.lastIndexOf('\n') + 1;
        atLineStart = (atLineStart || line > 0) && more.substring(line).isBlank();
        out.text(more);
    }

    private void bracket() {
        if (expect(BRACKET, this::noCall) != null) {
            out.maybeCall(expected());
            beginCall();
        }
    }

    private void beginCall() {
        started = false;
        word.setLength(0);
        mode(this::beforeName);
    }

    private void beforeName() {
        if (readHeld(Character::isWhitespace, MOST_BLANKS)) {
            word.setLength(0);
            mode(this::name);
        }
    }

    private void name() {
        if (readHeld(PythonicParser::inName, LONGEST_NAME)) {
            name = word.toString();
            mode(name.isEmpty() ? this::noCall : this::open);
        }
    }

    private void open() {
        if (expect(OPEN, this::noCall) != null) {
            out.maybeCall(expected());
            arguments = new ObjectWriter(out);
            mode(this::argument);
        }
    }

    private void argument() {
        if (expect(CLOSE, this::beginKey) != null) {
            start();
            arguments.end();
            endCall();
        }
    }

    private void beginKey() {
        word.setLength(0);
        mode(this::beforeKey);
    }

    private void beforeKey() {
        if (readHeld(Character::isWhitespace, MOST_BLANKS)) {
            word.setLength(0);
            mode(this::key);
        }
    }

    private void key() {
        if (readHeld(PythonicParser::isOfAKey, LONGEST_NAME)) {
            mode(word.isEmpty() ? this::noCall : this::equals);
        }
    }

    /** JSON has keys that Python has no names for, and models write them. */
    private static boolean isOfAKey(int c) {
        return !Character.isWhitespace(c) && "=()[]{},'\"".indexOf(c) < 0;
    }

    private void equals() {
        if (expect(EQUALS, this::noCall) != null) {
            start();
            arguments.key(word.toString());
            word.setLength(0);
            literal = new PythonLiteral();
            mode(this::beforeValue);
        }
    }

    private void beforeValue() {
        if (readHeld(Character::isWhitespace, MOST_BLANKS)) {
            mode(this::value);
        }
    }

    private void value() {
        boolean over = read(c -> literal.take((char) c));
        out.arguments(literal.takeJson());
        if (literal.ended()) {
            mode(this::behindValue);
        } else if (over) {
            noCall();
        }
    }

    private void behindValue() {
        String mark = expect(BEHIND_VALUE, this::noCall);
        if (mark == null) {
            return;
        }
        if (mark.equals(",")) {
            mode(this::argument);
        } else {
            arguments.end();
            endCall();
        }
    }

    private void start() {
        if (!started) {
            started = true;
            out.start(name, null);
        }
    }

    private void endCall() {
        out.end(true);
        started = false;
        mode(this::behindCall);
    }

    private void behindCall() {
        String mark = expect(behindCall, layout.brackets() ? this::noCall : this::beginCall);
        if (mark == null) {
            return;
        }
        if (mark.equals(",")) {
            out.maybeCall(expected());
            beginCall();
        } else {
            mode(this::behindList);
        }
    }

    private void behindList() {
        if (expect(behindList, this::noCall) != null) {
            noCall();
        }
    }

    /** What was held is text, or the call breaks off here; on with what is not read yet. */
    private void noCall() {
        breakOff();
        out.notACall();
        atLineStart = false;
        mode(this::outside);
    }

    @Override
    protected void end() {
        breakOff();
    }

    private void breakOff() {
        if (started) {
            out.arguments(literal.unfinished());
            out.end(false);
            started = false;
        }
    }

    /** Reads on in a word that may be part of a call. */
    private boolean readHeld(IntPredicate characters, int longest) {
        int before = word.length();
        boolean over = readWord(word, characters, longest);
        if (!started) {
            out.maybeCall(word.substring(before));
        }
        return over;
    }

    private static boolean inName(int c) {
        return Character.isLetterOrDigit(c) || "_-.".indexOf(c) >= 0;
    }
}
