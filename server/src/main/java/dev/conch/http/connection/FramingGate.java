package dev.conch.http.connection;

import dev.conch.generation.GenerationException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Follows the framing of an HTTP/1.1 connection, ahead of the codec, and lets pass only what has one meaning. Heads pass whole; the lines
 * between chunks are written anew, so extensions and trailers go no further. One for each connection, on its event loop.
 *
 * <p>After a fault nothing passes any more. A fault in a head becomes a request that the codec cannot read, so that it is answered in its
 * turn among pipelined requests; a fault in a body, told as an event, fails the
 * request that waits for it. In both cases {@link Faults} tells the http room
 * what to answer, and that answer closes the connection.
 */
final class FramingGate extends ByteToMessageDecoder {
    /** Well-formed up to its header, which has no name. */
    private static final byte[] UNREADABLE = "GET / HTTP/1.1\r\n:\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] PREFACE = ByteBufUtil.getBytes(Http2CodecUtil.connectionPrefaceBuf());
    private static final byte CR = '\r';
    private static final byte LF = '\n';

    private final Duration headTimeout;
    private final boolean http2Possible;
    /** Whether nothing has come yet. */
    private boolean beginning = true;
    /** Whether the last request was one to go on in HTTP/2. */
    private boolean upgradeAsked;

    private final List<String> trailer = new ArrayList<>();
    private int trailerBytes;
    private State state = State.HEAD;
    private long bodyLeft;
    private @Nullable Future<?> headTimer;

    private enum State {
        HEAD,
        LENGTH,
        CHUNK_LINE,
        CHUNK,
        CHUNK_END,
        TRAILER,
        /** Faulty: all that comes is dropped. */
        CLOSED
    }

    /**
     * A gate for one connection.
     *
     * @param http2Possible whether the connection may become one of HTTP/2
     */
    FramingGate(Duration headTimeout, boolean http2Possible) {
        this.headTimeout = headTimeout;
        this.http2Possible = http2Possible;
    }

    /** Whether bytes of a request are still to come, or come in vain. */
    boolean midMessage() {
        return state != State.HEAD || actualReadableBytes() > 0;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        try {
            switch (state) {
                case HEAD -> head(ctx, in, out);
                case LENGTH, CHUNK -> body(in, out);
                case CHUNK_LINE -> chunkLine(in, out);
                case CHUNK_END -> chunkEnd(in, out);
                case TRAILER -> trailer(in, out);
                case CLOSED -> in.skipBytes(in.readableBytes());
            }
        } catch (GenerationException fault) {
            boolean inHead = state == State.HEAD;
            in.skipBytes(in.readableBytes());
            close(ctx, fault);
            if (inHead) {
                out.add(Unpooled.wrappedBuffer(UNREADABLE));
            } else {
                ctx.fireUserEventTriggered(fault);
            }
        }
    }

    private void close(ChannelHandlerContext ctx, GenerationException fault) {
        state = State.CLOSED;
        stopHeadTimer();
        Faults.set(ctx.channel(), fault);
    }

    private void head(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (http2Possible && becomesHttp2(ctx, in)) {
            return;
        }
        beginning = false;
        skipEmptyLine(in);
        if (!in.isReadable()) {
            return;
        }
        int end = endOfHead(in);
        if (end < 0) {
            startHeadTimer(ctx);
            return;
        }
        stopHeadTimer();
        String text = in.readString(end - in.readerIndex(), StandardCharsets.ISO_8859_1);
        in.skipBytes(4);
        enter(RequestHead.read(text), text, out);
    }

    private void enter(RequestHead head, String text, List<Object> out) {
        // Who has a body to send can go on in HTTP/2 with the next request: an upgrade would have to hold all of the
        // body.
        upgradeAsked = head.upgrade() == RequestHead.Upgrade.H2C && !head.hasBody();
        boolean toBeLeftOut = head.upgrade() != RequestHead.Upgrade.NONE && !upgradeAsked;
        String passed = toBeLeftOut ? RequestHead.withoutUpgrade(text) : text;
        out.add(Unpooled.copiedBuffer(passed + "\r\n\r\n", StandardCharsets.ISO_8859_1));
        bodyLeft = head.contentLength();
        if (head.chunked()) {
            state = State.CHUNK_LINE;
        } else if (bodyLeft > 0) {
            state = State.LENGTH;
        }
    }

    /**
     * Steps aside if the connection speaks HTTP/2: if these are its first bytes and HTTP/2's preface, or after an upgrade that has taken
     * place. True: there is nothing to read here (yet).
     */
    private boolean becomesHttp2(ChannelHandlerContext ctx, ByteBuf in) {
        boolean upgraded = upgradeAsked && ctx.pipeline().get(Http2ConnectionHandler.class) != null;
        int known = Math.min(in.readableBytes(), PREFACE.length);
        boolean preface =
                beginning && ByteBufUtil.equals(in, in.readerIndex(), Unpooled.wrappedBuffer(PREFACE), 0, known);
        if (upgraded || (preface && known == PREFACE.length)) {
            stopHeadTimer();
            ctx.pipeline().remove(this);
            return true;
        }
        if (preface) {
            startHeadTimer(ctx);
        }
        return preface;
    }

    /** RFC 9112, 2.2: one may come before a request, and old clients send one after a body. */
    private static void skipEmptyLine(ByteBuf in) {
        int at = in.readerIndex();
        if (in.readableBytes() >= 2 && in.getByte(at) == CR && in.getByte(at + 1) == LF) {
            in.skipBytes(2);
        }
    }

    /** Where the line end begins that ends the last line of the head; -1: it is not there yet. */
    private static int endOfHead(ByteBuf in) {
        int requestLineEnd = -1;
        int lineStart = in.readerIndex();
        while (true) {
            int lineEnd = lineEnd(in, lineStart);
            if (lineEnd < 0) {
                checkSizes(in, requestLineEnd, in.writerIndex());
                return -1;
            }
            if (requestLineEnd < 0) {
                requestLineEnd = lineEnd;
            } else if (lineEnd == lineStart) {
                checkSizes(in, requestLineEnd, lineEnd);
                return lineEnd - 2;
            }
            lineStart = lineEnd + 2;
        }
    }

    private static void checkSizes(ByteBuf in, int requestLineEnd, int end) {
        if ((requestLineEnd < 0 ? end : requestLineEnd) - in.readerIndex() > ConnectionLimits.MAX_TARGET_BYTES) {
            throw Faults.targetTooLong();
        }
        if (requestLineEnd >= 0 && end - requestLineEnd > ConnectionLimits.MAX_HEADER_BYTES) {
            throw Faults.headersTooLarge();
        }
    }

    /**
     * Where the CR of the next line end is; -1: it is not there yet.
     *
     * @throws GenerationException for a CR or LF that stands alone
     */
    private static int lineEnd(ByteBuf in, int from) {
        int at = in.forEachByte(from, in.writerIndex() - from, octet -> octet != CR && octet != LF);
        if (at < 0 || (at + 1 == in.writerIndex() && in.getByte(at) == CR)) {
            return -1;
        }
        if (in.getByte(at) == LF || in.getByte(at + 1) != LF) {
            throw Faults.malformed("lines must end with CR and LF");
        }
        return at;
    }

    private void body(ByteBuf in, List<Object> out) {
        int length = (int) Math.min(bodyLeft, in.readableBytes());
        out.add(in.readRetainedSlice(length));
        bodyLeft -= length;
        if (bodyLeft == 0) {
            state = state == State.CHUNK ? State.CHUNK_END : State.HEAD;
        }
    }

    private void chunkLine(ByteBuf in, List<Object> out) {
        String line = readLine(in, ChunkLine.MAX_BYTES);
        if (line == null) {
            return;
        }
        bodyLeft = ChunkLine.size(line);
        if (bodyLeft == 0) {
            trailer.clear();
            trailer.add("");
            trailerBytes = 0;
            state = State.TRAILER;
        } else {
            out.add(Unpooled.copiedBuffer(Long.toHexString(bodyLeft) + "\r\n", StandardCharsets.US_ASCII));
            state = State.CHUNK;
        }
    }

    private void chunkEnd(ByteBuf in, List<Object> out) {
        if (in.readableBytes() < 2) {
            return;
        }
        if (in.readByte() != CR || in.readByte() != LF) {
            throw Faults.malformed("the end of a chunk");
        }
        out.add(Unpooled.copiedBuffer("\r\n", StandardCharsets.US_ASCII));
        state = State.CHUNK_LINE;
    }

    private void trailer(ByteBuf in, List<Object> out) {
        String line = readLine(in, ConnectionLimits.MAX_HEADER_BYTES - trailerBytes);
        if (line == null) {
            return;
        }
        if (!line.isEmpty()) {
            trailerBytes += line.length();
            trailer.add(line);
            return;
        }
        RequestHead.checkTrailer(trailer);
        out.add(Unpooled.copiedBuffer("0\r\n\r\n", StandardCharsets.US_ASCII));
        state = State.HEAD;
    }

    private static @Nullable String readLine(ByteBuf in, int maxBytes) {
        int end = lineEnd(in, in.readerIndex());
        if ((end < 0 ? in.readableBytes() : end - in.readerIndex()) > maxBytes) {
            throw Faults.malformed("a line of the body's framing is too long");
        }
        if (end < 0) {
            return null;
        }
        String line = in.readString(end - in.readerIndex(), StandardCharsets.ISO_8859_1);
        in.skipBytes(2);
        return line;
    }

    private void startHeadTimer(ChannelHandlerContext ctx) {
        if (headTimer == null) {
            headTimer = ctx.executor().schedule(() -> headTimedOut(ctx), headTimeout.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void stopHeadTimer() {
        if (headTimer != null) {
            headTimer.cancel(false);
            headTimer = null;
        }
    }

    private void headTimedOut(ChannelHandlerContext ctx) {
        close(ctx, Faults.headTooSlow());
        ctx.fireChannelRead(Unpooled.wrappedBuffer(UNREADABLE));
        ctx.fireChannelReadComplete();
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        stopHeadTimer();
    }

    /** What is left of a request when the client has gone is nobody's. */
    @Override
    protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        stopHeadTimer();
        in.skipBytes(in.readableBytes());
    }
}
