package dev.conch.output.toolcall.functionary;

import dev.conch.output.toolcall.FunctionSignature;
import dev.conch.output.toolcall.json.HeadedCallParser;
import dev.conch.output.toolcall.scan.Marks;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads one answer of messages, each a name on a line of its own and what is said to it: {@code all} is text, any other name a call, if it is
 * that of a function which was offered or if an object follows. The prompt ends with the mark before the first name, or in a text. Text without
 * a name is the answer.
 */
final class FunctionaryParser extends HeadedCallParser {
    static final String MARK = ">>>";
    static final String ALL = "all";

    private static final int LONGEST_NAME = 256;
    private static final Marks NEXT = Marks.of(MARK);

    private final Set<String> offered;
    private final StringBuilder name = new StringBuilder();

    FunctionaryParser(List<FunctionSignature> functions) {
        super("", MARK);
        offered = functions.stream().map(FunctionSignature::name).collect(Collectors.toUnmodifiableSet());
        mode(this::name);
    }

    /** Has the answer begin in the middle of a text, which the prompt began. */
    FunctionaryParser inText() {
        mode(this::text);
        return this;
    }

    private void beginMessage() {
        out.maybeCall(MARK);
        name.setLength(0);
        mode(this::name);
    }

    private void name() {
        int before = name.length();
        boolean over = readWord(name, FunctionaryParser::inName, LONGEST_NAME);
        out.maybeCall(name.substring(before));
        if (!over) {
            return;
        }
        if (next() != '\n' || name.isEmpty()) {
            noMessage();
        } else {
            skip('\n');
            out.maybeCall("\n");
            behindName();
        }
    }

    private void behindName() {
        String to = name.toString();
        if (to.equals(ALL)) {
            out.leaveOut();
            mode(this::text);
        } else if (offered.contains(to)) {
            beginArguments(to, null);
        } else {
            mode(this::behindUnknownName);
        }
    }

    private void behindUnknownName() {
        if (next() == '{') {
            beginArguments(name.toString(), null);
        } else {
            noMessage();
        }
    }

    private void text() {
        if (search(NEXT, out::text) != null) {
            beginMessage();
        }
    }

    @Override
    protected void behindCall(String mark) {
        beginMessage();
    }

    private void noMessage() {
        out.notACall();
        mode(this::text);
    }

    private static boolean inName(int c) {
        return Character.isLetterOrDigit(c) || "_.-".indexOf(c) >= 0;
    }
}
