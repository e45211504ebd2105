package dev.conch.output.toolcall.json;

import dev.conch.output.toolcall.scan.Marks;
import dev.conch.output.toolcall.scan.ModalParser;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads one answer in a {@link JsonLayout}. What follows a mark is a call when there is a name and arguments begin; until then it is held
 * back, and if it does not come to that, it is text. Where a call ends is known from its JSON, so marks inside of strings mean nothing and
 * a mark at the end may be missing. A call that is no longer JSON lasts up to the next mark.
 */
final class JsonCallParser extends ModalParser {
    /** How much may be held back, in characters; what has not become a call by then is text. */
    private static final int MOST_HELD = 65_536;

    private static final int LONGEST_WORD = 256;

    private final JsonMarks marks;
    private final boolean unmarked;
    private int held;
    private boolean inList;

    private final StringBuilder word = new StringBuilder();
    private boolean wordIsId;
    private String name = "";
    private @Nullable String id;

    private CallReader call = CallReader.ofObject(CallNaming.IN_OBJECT);
    private boolean started;
    /** What stands between two calls, and is text if there is no other. */
    private final StringBuilder gap = new StringBuilder();

    JsonCallParser(JsonMarks marks) {
        this.marks = marks;
        unmarked = marks.layout.naming() == CallNaming.UNMARKED;
        mode(unmarked ? this::opening : this::outside);
    }

    private void outside() {
        String mark = search(marks.outside, out::text);
        if (mark == null || marks.isFraming(mark)) {
            return;
        }
        if (marks.isCall(mark)) {
            unread(mark);
            beginCalls();
        } else {
            beginCalls(mark);
        }
    }

    private void beginCalls(String mark) {
        beginCalls();
        hold(mark);
    }

    private void beginCalls() {
        held = 0;
        inList = false;
        mode(this::opening);
    }

    private void opening() {
        StringBuilder passed = new StringBuilder();
        boolean over = read(c -> mayHold(passed) && JsonScanner.isBlank(c) && passed.append((char) c) != null);
        hold(passed.toString());
        if (over && next() == '[' && !inList) {
            mode(this::bracket);
        } else if (over) {
            behindOpening(next());
        }
    }

    /** Some marks begin with a bracket too. */
    private void bracket() {
        String mark = marks.begin == null ? noBegin() : expect(marks.begin, this::beginList);
        if (mark != null) {
            out.notACall();
            beginCalls(mark);
        }
    }

    private @Nullable String noBegin() {
        beginList();
        return null;
    }

    private void beginList() {
        skip('[');
        hold("[");
        inList = true;
        mode(this::opening);
    }

    private void behindOpening(char c) {
        if (c == '{') {
            beginObject();
        } else if (marks.header != null && !inList) {
            beginHeader();
        } else {
            noCall();
        }
    }

    private void beginObject() {
        beginCall(CallReader.ofObject(marks.layout.naming()));
    }

    private void beginCall(CallReader next) {
        call = next;
        started = false;
        mode(this::call);
    }

    private void beginHeader() {
        word.setLength(0);
        name = "";
        id = null;
        wordIsId = header().idFirst();
        mode(this::word);
    }

    private void word() {
        int before = word.length();
        boolean over = readWord(word, JsonCallParser::inWord, LONGEST_WORD);
        hold(word.substring(before));
        if (over) {
            endWord();
        }
    }

    private void endWord() {
        if (wordIsId) {
            id = word.toString();
        } else {
            name = word.toString();
        }
        boolean nothing = word.isEmpty();
        word.setLength(0);
        if (nothing) {
            noCall();
        } else {
            mode(this::behindWord);
        }
    }

    private void behindWord() {
        String mark = expect(headerMarks(), this::argumentsOrNoCall);
        if (mark == null) {
            return;
        }
        hold(expected());
        if (mark.equals(header().argumentsMark())) {
            beginArguments();
        } else {
            wordIsId = mark.equals(header().idMark());
            mode(this::word);
        }
    }

    private void argumentsOrNoCall() {
        StringBuilder blanks = new StringBuilder();
        boolean over =
                read(c -> blanks.length() < MOST_BLANKS && JsonScanner.isBlank(c) && blanks.append((char) c) != null);
        hold(blanks.toString());
        if (over && next() == '{') {
            beginArguments();
        } else {
            noCall();
        }
    }

    private void beginArguments() {
        if (name.isEmpty()) {
            noCall();
        } else {
            beginCall(CallReader.ofArguments(name, id));
        }
    }

    private void call() {
        boolean over = started ? read(c -> call.take((char) c)) : beginOfCall();
        if (started) {
            out.arguments(call.takeArguments());
        }
        if (call.closed()) {
            endCall();
        } else if (over && started) {
            mode(call.inArguments() ? this::broken : this::behindCall);
        } else if (over) {
            noCall();
        }
    }

    /** Up to where it is certain that it is a call, what was read is held. */
    private boolean beginOfCall() {
        StringBuilder passed = new StringBuilder();
        boolean over = read(c -> takeInCall((char) c, passed));
        hold(passed.toString());
        started = call.tellable();
        if (started) {
            out.start(call.name(), call.id());
        }
        return over;
    }

    private boolean takeInCall(char c, StringBuilder passed) {
        if (call.tellable()) {
            return call.take(c);
        }
        return mayHold(passed) && call.take(c) && passed.append(c) != null;
    }

    private void endCall() {
        if (started) {
            out.end(call.hasArguments());
            gap.setLength(0);
            mode(this::behindCall);
        } else {
            noCall();
        }
    }

    /** The call is over, or its arguments are, and something stands where the object should be closed. */
    private void behindCall() {
        boolean over = read(c -> gap.length() < MOST_HELD && inGap(c));
        if (over && next() == '{') {
            out.end(false);
            beginCallBehindGap();
        } else if (over) {
            behindGap();
        }
    }

    private boolean inGap(int c) {
        if (c == ']' && inList) {
            inList = false;
            gap.setLength(0);
            return true;
        }
        if (JsonScanner.isBlank(c) || ",;]}".indexOf(c) >= 0) {
            gap.append((char) c);
            return true;
        }
        return false;
    }

    private void beginCallBehindGap() {
        held = 0;
        hold(gap.toString());
        gap.setLength(0);
        beginObject();
    }

    private void behindGap() {
        String mark = marks.behind == null ? noMark() : expect(marks.behind, this::noMoreCalls);
        if (mark == null) {
            return;
        }
        gap.setLength(0);
        endCallAtMark(mark);
    }

    private @Nullable String noMark() {
        noMoreCalls();
        return null;
    }

    private void endCallAtMark(String mark) {
        out.end(call.hasArguments());
        if (marks.isEnd(mark)) {
            mode(this::outside);
        } else {
            beginCalls(mark);
        }
    }

    private void noMoreCalls() {
        out.end(false);
        if (marks.behind != null && endsIn(marks.behind)) {
            leaveOutRest();
        } else {
            out.text(gap.toString());
        }
        gap.setLength(0);
        mode(this::outside);
    }

    private void broken() {
        if (marks.behind == null) {
            StringBuilder passed = new StringBuilder();
            read(c -> passed.append((char) c) != null);
            out.arguments(passed.toString());
            return;
        }
        String mark = search(marks.behind, out::arguments);
        if (mark != null) {
            endCallAtMark(mark);
        }
    }

    private void hold(String more) {
        held += more.length();
        out.maybeCall(more);
    }

    private boolean mayHold(CharSequence more) {
        return held + more.length() < MOST_HELD;
    }

    private void noCall() {
        out.notACall();
        mode(this::outside);
    }

    private CallHeader header() {
        return Objects.requireNonNull(marks.layout.header());
    }

    private Marks headerMarks() {
        return Objects.requireNonNull(marks.header);
    }

    private static boolean inWord(int c) {
        return Character.isLetterOrDigit(c) || "_-.:/".indexOf(c) >= 0;
    }
}
