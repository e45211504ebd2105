package dev.conch.http.connection;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

/** The connections of the public door that are open, and how those of HTTP/2 are told that it will close (RFC 9113, 6.8). Thread-safe. */
@SuppressWarnings("FutureReturnValueIgnored") // of what is written the channel itself hears
public final class OpenConnections {
    private final Set<Channel> channels = ConcurrentHashMap.newKeySet();

    void add(Channel channel) {
        channels.add(channel);
        channel.closeFuture().addListener(_ -> channels.remove(channel));
    }

    /** Asks clients to open no more streams; those that cross the word on its way are served. */
    public void announceGoAway() {
        goAway(_ -> Integer.MAX_VALUE);
    }

    /** Tells clients which stream is the last that is served. Later ones are not looked at, and may be tried again elsewhere. */
    public void goAway() {
        goAway(http2 -> http2.connection().remote().lastStreamCreated());
    }

    private void goAway(ToIntFunction<Http2ConnectionHandler> lastStream) {
        channels.forEach(channel -> channel.eventLoop().execute(() -> goAway(channel, lastStream)));
    }

    private static void goAway(Channel channel, ToIntFunction<Http2ConnectionHandler> lastStream) {
        ChannelHandlerContext ctx = channel.pipeline().context(Http2ConnectionHandler.class);
        if (ctx != null) {
            var http2 = (Http2ConnectionHandler) ctx.handler();
            http2.goAway(
                    ctx,
                    lastStream.applyAsInt(http2),
                    Http2Error.NO_ERROR.code(),
                    Unpooled.EMPTY_BUFFER,
                    ctx.newPromise());
            ctx.flush();
        }
    }
}
