package dev.conch.output.toolcall.scan;

import dev.conch.output.parser.AnswerParser;
import dev.conch.output.parser.AnswerSink;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A parser that is in one mode at a time. A mode reads on by the methods of this class, from {@link #search} to {@link #expect}, and may
 * set the next mode. What it cannot judge before more text comes is held back: never more than a mark, and few blanks before it. Whatever
 * it has not read, the next mode sees.
 */
public abstract class ModalParser implements AnswerParser {
    /** How many blanks may stand before a mark that is expected. */
    protected static final int MOST_BLANKS = 64;

    /** Where the answer goes. */
    protected final AnswerWriter out = new AnswerWriter();

    private Runnable mode = () -> {};
    private String text = "";
    private String expected = "";
    private int at;
    private boolean complete;
    private boolean waiting;

    @Override
    public final void accept(String more, AnswerSink sink) {
        read(more, sink);
    }

    @Override
    public final void finish(AnswerSink sink) {
        complete = true;
        read("", sink);
        end();
        out.finish(text.substring(at));
    }

    private void read(String more, AnswerSink sink) {
        out.to(sink);
        text = at == text.length() ? more : text.substring(at) + more;
        at = 0;
        waiting = false;
        while (!waiting && at < text.length()) {
            mode.run();
        }
    }

    /** The text is over, and nothing more can be read. Called once, before what waits is released. */
    protected void end() {}

    /** Sets what reads on. Each mode must read something, wait, or set another that does. */
    protected final void mode(Runnable next) {
        mode = next;
    }

    /**
     * Reads up to behind the first of the marks.
     *
     * @param before is given what stands before the mark, as it comes; not empty
     * @return the mark; null if it has not come yet
     */
    protected final @Nullable String search(Marks marks, Consumer<String> before) {
        int place = marks.find(text, at, complete);
        if (place > at) {
            before.accept(text.substring(at, place));
            at = place;
        }
        String mark = marks.at(text, place);
        if (mark == null) {
            waiting = true;
        } else {
            at += mark.length();
        }
        return mark;
    }

    /**
     * Reads one of the marks, behind any few blanks.
     *
     * @param otherwise runs, and nothing is read, if something else is there
     * @return the mark; null if it has not come yet, or something else is there
     */
    protected final @Nullable String expect(Marks marks, Runnable otherwise) {
        int place = behindBlanks();
        boolean near = place - at <= MOST_BLANKS;
        String mark = near ? marks.at(text, place) : null;
        if (mark != null) {
            expected = text.substring(at, place + mark.length());
            at = place + mark.length();
        } else if (near && marks.beginsAt(text, place)) {
            waiting = true;
        } else {
            otherwise.run();
        }
        return mark;
    }

    /** The mark that {@link #expect} read last, with the blanks before it. */
    protected final String expected() {
        return expected;
    }

    /** What {@link #search} or {@link #expect} read last is read again. */
    protected final void unread(String mark) {
        at -= mark.length();
    }

    /**
     * Reads on while the characters are those of a word.
     *
     * @param longest how long the word may become
     * @return whether it is over: something else follows
     */
    protected final boolean readWord(StringBuilder word, IntPredicate characters, int longest) {
        while (at < text.length() && word.length() < longest && characters.test(text.charAt(at))) {
            word.append(text.charAt(at++));
        }
        return at < text.length();
    }

    /**
     * Reads on while a reader takes the characters.
     *
     * @param reader is given each character, and says whether it takes it
     * @return whether it is over: there is a character that the reader does not take
     */
    protected final boolean read(IntPredicate reader) {
        while (at < text.length() && reader.test(text.charAt(at))) {
            at++;
        }
        return at < text.length();
    }

    /** The next character, if there is one. */
    protected final char next() {
        return text.charAt(at);
    }

    /** Whether the answer is over, and what is left of it is the beginning of a mark behind any few blanks. */
    protected final boolean endsIn(Marks marks) {
        return complete && marks.beginsAt(text, behindBlanks());
    }

    /** Leaves out what is left of the answer. */
    protected final void leaveOutRest() {
        at = text.length();
    }

    /** Reads the next character if it is this one. */
    protected final void skip(char expectedNext) {
        if (text.charAt(at) == expectedNext) {
            at++;
        }
    }

    private int behindBlanks() {
        int place = at;
        int last = Math.min(text.length(), at + MOST_BLANKS + 1);
        while (place < last && Character.isWhitespace(text.charAt(place))) {
            place++;
        }
        return place;
    }
}
