package dev.conch.http;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AttributeKey;

/**
 * The streams of an HTTP/2 connection: tells when one closes, by whichever side and for whatever reason, of which Micronaut itself hears a
 * reset only once the answer has begun; and has {@link EarlyAnswers} end those that are answered before their requests are whole. One for
 * each connection, on its event loop.
 */
final class Http2Streams extends Http2EventAdapter {
    private static final AttributeKey<Http2Streams> KEY = AttributeKey.valueOf(Http2Streams.class, "streams");

    private final Http2Connection connection;
    private final Http2Connection.PropertyKey onClosed;

    private Http2Streams(Http2Connection connection) {
        this.connection = connection;
        this.onClosed = connection.newKey();
    }

    /** The streams of this connection, which are looked after from the first question on. */
    static Http2Streams of(Channel channel, Http2ConnectionHandler handler) {
        Http2Streams known = channel.attr(KEY).get();
        if (known != null) {
            return known;
        }
        var streams = new Http2Streams(handler.connection());
        handler.connection().addListener(streams);
        handler.encoder().lifecycleManager(new EarlyAnswers(channel.pipeline().context(handler), handler));
        channel.attr(KEY).set(streams);
        return streams;
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
