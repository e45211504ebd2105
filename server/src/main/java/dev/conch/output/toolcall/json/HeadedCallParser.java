package dev.conch.output.toolcall.json;

import dev.conch.output.toolcall.scan.Marks;
import dev.conch.output.toolcall.scan.ModalParser;
import org.jspecify.annotations.Nullable;

/**
 * Reads calls whose arguments stand between a header, which says the name, and a mark. Where they end is known from their JSON; what is no
 * JSON lasts up to the next mark. A missing mark behind complete arguments does no harm.
 */
public abstract class HeadedCallParser extends ModalParser {
    private final Marks ends;
    private final String fence;
    private final Marks fenceOrEnds;
    private ArgumentsReader arguments = new ArgumentsReader();

    /**
     * A parser that begins in no mode.
     *
     * @param fence what may stand between arguments and a mark; may be empty
     * @param ends marks that end a call
     */
    protected HeadedCallParser(String fence, String... ends) {
        this.ends = Marks.of(ends);
        this.fence = fence;
        this.fenceOrEnds = fence.isEmpty() ? this.ends : this.ends.and(fence);
    }

    /** What comes behind a call that ended with this mark. */
    protected abstract void behindCall(String mark);

    /** The header is over: tells the call and reads its arguments. */
    protected final void beginArguments(String name, @Nullable String id) {
        out.start(name, id);
        arguments = new ArgumentsReader();
        mode(this::beforeArguments);
    }

    private void beforeArguments() {
        String mark = expect(ends, () -> mode(this::blanksBeforeArguments));
        if (mark != null) {
            out.arguments(ArgumentsReader.NONE);
            out.end(true);
            behindCall(mark);
        }
    }

    private void blanksBeforeArguments() {
        if (read(Character::isWhitespace)) {
            mode(this::arguments);
        }
    }

    private void arguments() {
        boolean over = read(c -> !arguments.ended() && arguments.take((char) c));
        out.arguments(arguments.takeRead());
        if (arguments.ended() || (over && arguments.complete())) {
            mode(this::behindArguments);
        } else if (over) {
            breakOff();
        }
    }

    private void behindArguments() {
        String mark = expect(fenceOrEnds, this::breakOff);
        if (mark != null && !mark.equals(fence)) {
            out.end(arguments.isObject());
            behindCall(mark);
        }
    }

    private void breakOff() {
        arguments = new ArgumentsReader();
        mode(this::broken);
    }

    private void broken() {
        String mark = search(ends, out::arguments);
        if (mark != null) {
            out.end(false);
            behindCall(mark);
        }
    }

    @Override
    protected final void end() {
        out.end(arguments.isObject());
    }
}
