package dev.conch.response;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.openai.ChatCompletionChunk;
import dev.conch.openai.ErrorResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The body of a streamed answer, between the chunks that are pushed in and the client that reads. All methods run on the connection's
 * event loop.
 *
 * <p>What arrives in one pass of the event loop goes out as one write. While the client does not read, nothing is encoded: chunks wait,
 * and their text is merged into as few events as possible once it reads again. Past {@link #MAX_BACKLOG_CHARS} or {@link #MAX_STALL} the
 * client is given up.
 */
public final class EventStream {
    /** Bytes that may be under way to the client before new ones wait. */
    static final int HIGH_WATER_BYTES = 64 << 10;
    /** Text that may wait for a client that does not read. */
    static final int MAX_BACKLOG_CHARS = 256 << 10;
    /** How long a client may not read at all. */
    static final Duration MAX_STALL = Duration.ofSeconds(30);

    private static final int TYPICAL_WRITE_BYTES = 512;

    private final ScheduledExecutorService loop;
    private final SseWriter writer;
    private final Function<GenerationException, ErrorResponse> errors;
    private final Backlog backlog = new Backlog();
    private long bytesUnderWay;
    private boolean flushScheduled;
    private boolean mergeNext;
    private @Nullable Connection connection;
    private @Nullable Future<?> stallTimer;
    private @Nullable GenerationException failure;
    private @Nullable ErrorCode cut;
    private State state = State.OPEN;

    private enum State {
        OPEN,
        /** Everything has been said, not everything has been written. */
        ENDING,
        CLOSED
    }

    /** The connection's side of the body. */
    interface Connection {
        ByteBufAllocator allocator();

        /** Takes ownership of the buffer. */
        void write(ByteBuf bytes);

        /** The body is whole. */
        void end();

        /** The body will never be whole. */
        void abort(Throwable cause);
    }

    /**
     * @param loop the connection's event loop
     * @param errors how a failure looks to the client
     */
    public EventStream(
            ScheduledExecutorService loop,
            AnswerHead head,
            boolean includeUsage,
            Function<GenerationException, ErrorResponse> errors) {
        this.loop = loop;
        this.writer = new SseWriter(head, includeUsage);
        this.errors = errors;
    }

    void send(ChatCompletionChunk chunk) {
        if (state != State.OPEN) {
            return;
        }
        backlog.add(chunk);
        if (stalled() && backlog.chars() > MAX_BACKLOG_CHARS) {
            giveUp();
        } else {
            scheduleFlush();
        }
    }

    void complete() {
        end(null);
    }

    void fail(GenerationException error) {
        end(error);
    }

    private void end(@Nullable GenerationException error) {
        if (state == State.OPEN) {
            failure = error;
            state = State.ENDING;
            scheduleFlush();
        }
    }

    /** The connection wants the body from now on. */
    void start(Connection connection) {
        this.connection = connection;
        flush();
    }

    /** The connection has got rid of that many bytes. */
    void written(long bytes) {
        bytesUnderWay -= bytes;
        restartStallTimer();
        if (state == State.ENDING || !backlog.isEmpty()) {
            scheduleFlush();
        }
    }

    /** Nobody wants the body any more. */
    void discard() {
        close();
    }

    /** Why the body was given up; null if it was not. */
    @Nullable ErrorCode cut() {
        return cut;
    }

    private boolean stalled() {
        return bytesUnderWay >= HIGH_WATER_BYTES;
    }

    private void scheduleFlush() {
        if (!flushScheduled && connection != null && state != State.CLOSED) {
            flushScheduled = true;
            loop.execute(this::flush);
        }
    }

    private void flush() {
        flushScheduled = false;
        Connection to = connection;
        if (to == null || state == State.CLOSED) {
            return;
        }
        if (stalled()) {
            mergeNext = true;
            return;
        }
        write(to);
        if (state == State.ENDING) {
            close();
            to.end();
        }
    }

    private void write(Connection to) {
        ByteBuf out = to.allocator().buffer(TYPICAL_WRITE_BYTES);
        backlog.drain(writer, out, mergeNext);
        mergeNext = false;
        if (state == State.ENDING) {
            writeEnd(out);
        }
        if (out.isReadable()) {
            bytesUnderWay += out.readableBytes();
            to.write(out);
            restartStallTimer();
        } else {
            out.release();
        }
    }

    private void writeEnd(ByteBuf out) {
        if (failure == null) {
            writer.writeDone(out);
        } else {
            writer.writeError(out, errors.apply(failure));
        }
    }

    private void restartStallTimer() {
        if (stallTimer != null) {
            stallTimer.cancel(false);
            stallTimer = null;
        }
        if (stalled() && state != State.CLOSED) {
            stallTimer = loop.schedule(this::giveUp, MAX_STALL.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void giveUp() {
        Connection from = connection;
        if (state != State.CLOSED && from != null) {
            close();
            cut = ErrorCode.CLIENT_TOO_SLOW;
            from.abort(new GenerationException(cut, "The client did not read its stream."));
        }
    }

    private void close() {
        state = State.CLOSED;
        restartStallTimer();
    }
}
