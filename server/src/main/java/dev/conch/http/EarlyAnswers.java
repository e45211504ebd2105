package dev.conch.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2LifecycleManager;
import io.netty.handler.codec.http2.Http2Stream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends an HTTP/2 stream whose answer is out before its request is whole with {@code NO_ERROR}: the client need not send the rest, and keeps
 * the answer (RFC 9113, 8.1). Micronaut leaves most such streams open, and says {@code CANCEL} on others, at which clients may throw the
 * answer away. What is under way has a moment to come in: clients may fail over a stream that ends while they send, and each frame for one
 * that is gone would count as abuse of the connection. All else is the handler's own. On the connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // of what is written the channel itself hears
final class EarlyAnswers implements Http2LifecycleManager {
    /** How long the rest of a request is read for nothing. */
    private static final Duration TIME = Duration.ofSeconds(1);

    private final ChannelHandlerContext context;
    private final Http2ConnectionHandler handler;

    /**
     * For one connection.
     *
     * @param context of the handler
     */
    EarlyAnswers(ChannelHandlerContext context, Http2ConnectionHandler handler) {
        this.context = context;
        this.handler = handler;
    }

    @Override
    public void closeStreamLocal(Http2Stream stream, ChannelFuture future) {
        handler.closeStreamLocal(stream, future);
        if (isAnswered(stream)) {
            context.executor().schedule(() -> end(stream), TIME.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void end(Http2Stream stream) {
        if (isAnswered(stream)) {
            handler.resetStream(context, stream.id(), Http2Error.NO_ERROR.code(), context.newPromise());
            handler.flush(context);
        }
    }

    @Override
    public ChannelFuture resetStream(ChannelHandlerContext ctx, int streamId, long errorCode, ChannelPromise promise) {
        boolean answered = errorCode == Http2Error.CANCEL.code() && isAnswered(handler.connection().stream(streamId));
        return handler.resetStream(ctx, streamId, answered ? Http2Error.NO_ERROR.code() : errorCode, promise);
    }

    private static boolean isAnswered(@Nullable Http2Stream stream) {
        return stream != null && stream.state() == Http2Stream.State.HALF_CLOSED_LOCAL;
    }

    @Override
    public void closeStreamRemote(Http2Stream stream, ChannelFuture future) {
        handler.closeStreamRemote(stream, future);
    }

    @Override
    public void closeStream(Http2Stream stream, ChannelFuture future) {
        handler.closeStream(stream, future);
    }

    @Override
    public ChannelFuture goAway(
            ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData, ChannelPromise promise) {
        return handler.goAway(ctx, lastStreamId, errorCode, debugData, promise);
    }

    @Override
    public void onError(ChannelHandlerContext ctx, boolean outbound, Throwable cause) {
        handler.onError(ctx, outbound, cause);
    }
}
