package dev.conch.http;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AttributeKey;

/**
 * Tells when a stream of an HTTP/2 connection closes, by whichever side and for whatever reason. Micronaut itself hears a reset only once
 * the answer has begun. One for each connection, on its event loop.
 */
final class Http2StreamWatch extends Http2EventAdapter {
    private static final AttributeKey<Http2StreamWatch> KEY = AttributeKey.valueOf(Http2StreamWatch.class, "watch");

    private final Http2Connection connection;
    private final Http2Connection.PropertyKey onClosed;

    private Http2StreamWatch(Http2Connection connection) {
        this.connection = connection;
        this.onClosed = connection.newKey();
        connection.addListener(this);
    }

    /** The watch of this connection, made when it is first asked for. */
    static Http2StreamWatch of(Channel channel, Http2ConnectionHandler handler) {
        Http2StreamWatch watch = channel.attr(KEY).get();
        if (watch == null) {
            watch = new Http2StreamWatch(handler.connection());
            handler.encoder()
                    .lifecycleManager(new EarlyAnswers(channel.pipeline().context(handler), handler));
            channel.attr(KEY).set(watch);
        }
        return watch;
    }

    /** Has {@code listener} told when the stream closes: at once if it has already. */
    void onClosed(int streamId, Runnable listener) {
        Http2Stream stream = connection.stream(streamId);
        if (stream == null) {
            listener.run();
        } else {
            stream.setProperty(onClosed, listener);
        }
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
        Runnable listener = stream.removeProperty(onClosed);
        if (listener != null) {
            listener.run();
        }
    }
}
