package dev.conch.output.toolcall.harmony;

import dev.conch.output.toolcall.json.HeadedCallParser;
import dev.conch.output.toolcall.scan.Marks;
import org.jspecify.annotations.Nullable;

/**
 * Reads one answer in OpenAI's harmony format: messages, each a header, {@code <|message|>}, content, and a token that ends it. The prompt
 * ends inside of the first header. The token behind a call ends the generation, and so may not be there: a call with complete arguments
 * is well formed without. Text without a header is the answer.
 */
final class HarmonyParser extends HeadedCallParser {
    static final String START = "<|start|>";
    static final String CHANNEL = "<|channel|>";
    static final String MESSAGE = "<|message|>";
    static final String CONSTRAIN = "<|constrain|>";
    static final String END = "<|end|>";
    static final String CALL = "<|call|>";
    static final String RETURN = "<|return|>";

    private static final int LONGEST_HEADER = 1024;

    private static final Marks HEADER_BEGINS = Marks.of(CHANNEL, "to=", MESSAGE, START);
    private static final Marks HEADER_ENDS = Marks.of(MESSAGE, START, END, CALL, RETURN);
    private static final Marks MESSAGE_ENDS = Marks.of(END, CALL, RETURN, START, CHANNEL);

    private final StringBuilder header = new StringBuilder();

    HarmonyParser() {
        super("", END, CALL, RETURN, START, CHANNEL);
        mode(this::begin);
    }

    private void begin() {
        String mark = expect(HEADER_BEGINS, () -> mode(this::text));
        if (mark == null) {
            return;
        }
        header.setLength(0);
        if (mark.equals(MESSAGE)) {
            beginMessage(HarmonyHeader.parse(""));
        } else {
            mode(this::header);
            inHeader(expected());
        }
    }

    private void header() {
        String mark = search(HEADER_ENDS, this::inHeader);
        if (mark == null) {
            return;
        }
        if (!mark.equals(MESSAGE) || header.length() > LONGEST_HEADER) {
            unread(mark);
            noMessage();
        } else {
            out.leaveOut();
            beginMessage(HarmonyHeader.parse(header.toString()));
        }
    }

    private void inHeader(String more) {
        header.append(more);
        out.maybeCall(more);
        if (header.length() > LONGEST_HEADER) {
            noMessage();
        }
    }

    private void noMessage() {
        out.notACall();
        mode(this::text);
    }

    private void beginMessage(HarmonyHeader parsed) {
        if (parsed.isCall()) {
            beginArguments(parsed.function(), null);
        } else {
            mode(parsed.isReasoning() ? this::reasoning : this::text);
        }
    }

    private void text() {
        endMessage(search(MESSAGE_ENDS, out::text));
    }

    private void reasoning() {
        endMessage(search(MESSAGE_ENDS, out::reasoning));
    }

    @Override
    protected void behindCall(String mark) {
        endMessage(mark);
    }

    private void endMessage(@Nullable String mark) {
        if (mark == null) {
            return;
        }
        if (mark.equals(START) || mark.equals(CHANNEL)) {
            header.setLength(0);
            mode(this::header);
            inHeader(mark);
        } else {
            mode(this::begin);
        }
    }
}
