package dev.conch.response;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
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
 * client is given up. While there is nothing to say, comments keep the connection alive.
 */
public final class EventStream {
    /** Bytes that may be under way to the client before new ones wait. */
    static final int HIGH_WATER_BYTES = 64 << 10;
    /** Text that may wait for a client that does not read. */
    static final int MAX_BACKLOG_CHARS = 256 << 10;
    /** How long a client may not read at all. */
    static final Duration MAX_STALL = Duration.ofSeconds(30);

    private static final int TYPICAL_WRITE_BYTES = 512;
    /** Silence is measured in parts of the interval, so that writing, which is often, costs no timer. */
    private static final int TICKS_PER_INTERVAL = 4;

    private final ScheduledExecutorService loop;
    private final SseWriter writer;
    private final Duration keepAliveInterval;
    private final Function<GenerationException, ErrorResponse> errors;
    private final Backlog backlog = new Backlog();
    private long bytesUnderWay;
    private boolean flushScheduled;
    private boolean mergeNext;
    private @Nullable Connection connection;
    private @Nullable Future<?> stallTimer;
    private @Nullable Future<?> keepAliveTimer;
    private int silentTicks;
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
            AnswerForm form,
            StreamSettings settings,
            Function<GenerationException, ErrorResponse> errors) {
        this.loop = loop;
        this.writer = new SseWriter(head, form, settings.random());
        this.keepAliveInterval = settings.keepAliveInterval();
        this.errors = errors;
    }

    void send(Chunk chunk) {
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

    /** The connection wants the body from now on. A body without a first word begins with a comment, so that its head goes out. */
    void start(Connection connection) {
        this.connection = connection;
        if (state == State.OPEN) {
            long tick = Math.max(1, keepAliveInterval.toMillis() / TICKS_PER_INTERVAL);
            keepAliveTimer = loop.scheduleWithFixedDelay(this::tick, tick, tick, TimeUnit.MILLISECONDS);
        }
        if (state == State.OPEN && backlog.isEmpty()) {
            writeComment(connection);
        } else {
            flush();
        }
    }

    private void tick() {
        silentTicks++;
        Connection to = connection;
        if (silentTicks >= TICKS_PER_INTERVAL && to != null && state == State.OPEN && !stalled()) {
            writeComment(to);
        }
    }

    private void writeComment(Connection to) {
        ByteBuf out = to.allocator().buffer(TYPICAL_WRITE_BYTES);
        writer.writeKeepAlive(out);
        write(to, out);
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
        write(to, out);
    }

    private void write(Connection to, ByteBuf out) {
        if (out.isReadable()) {
            silentTicks = 0;
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
        if (keepAliveTimer != null) {
            keepAliveTimer.cancel(false);
            keepAliveTimer = null;
        }
        restartStallTimer();
    }
}
