package dev.conch.http;

import dev.conch.generation.GenerationException;
import dev.conch.generation.TraceContext;
import dev.conch.openai.ErrorResponse;
import dev.conch.pipeline.ClientConnection;
import dev.conch.telemetry.Exchange;
import dev.conch.telemetry.Telemetry;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.HttpConversionUtil.ExtensionHeaderNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One exchange over HTTP/1.1 or HTTP/2. It is over when the answer is out (Micronaut then disposes of the request), when the connection
 * closes, and when its HTTP/2 stream is reset; the latter two also before the answer has begun, of which Micronaut says nothing.
 */
final class HttpConnection implements ClientConnection {
    /** What a request that came in HTTP/1.1 and asked to go on in HTTP/2 is answered on (RFC 7540, 3.2); it names no stream itself. */
    private static final int UPGRADE_STREAM = 1;

    private static final String ATTRIBUTE = "conch.connection";

    private final EventLoop eventLoop;
    private final String requestId;
    private final Exchange exchange;
    private final List<Runnable> listeners = new ArrayList<>();
    private final List<Consumer<GenerationException>> abortListeners = new ArrayList<>();
    private @Nullable GenerationException abortion;
    private boolean closed;

    private HttpConnection(NettyHttpRequest<?> request, Exchange exchange) {
        Channel channel = request.getChannelHandlerContext().channel();
        this.eventLoop = channel.eventLoop();
        this.requestId = RequestIdFilter.idOf(request);
        this.exchange = exchange;
        request.addDisposalResource(this::close);
        Http2ConnectionHandler http2 =
                request.getChannelHandlerContext().pipeline().get(Http2ConnectionHandler.class);
        if (http2 == null) {
            watchConnection(channel);
        } else {
            int streamId =
                    request.getNativeRequest().headers().getInt(ExtensionHeaderNames.STREAM_ID.text(), UPGRADE_STREAM);
            Http2Streams.of(channel, http2).onClosed(streamId, this::close);
        }
    }

    /** The request's head was read. To be called on the event loop, once. */
    static void begin(NettyHttpRequest<?> request, Exchange exchange) {
        request.setAttribute(ATTRIBUTE, new HttpConnection(request, exchange));
    }

    /** The exchange that a request belongs to; none if Micronaut refused it before any filter saw it. */
    static Optional<HttpConnection> find(HttpRequest<?> request) {
        return request.getAttribute(ATTRIBUTE, HttpConnection.class);
    }

    /** The exchange that a request belongs to which has come past the filters. */
    static HttpConnection of(HttpRequest<?> request) {
        return find(request).orElseThrow();
    }

    /** A connection outlives its exchanges, so the listener has to leave with this one. */
    private void watchConnection(Channel channel) {
        ChannelFutureListener listener = _ -> close();
        channel.closeFuture().addListener(listener);
        onClosed(() -> channel.closeFuture().removeListener(listener));
    }

    @Override
    public EventLoop eventLoop() {
        return eventLoop;
    }

    @Override
    public String requestId() {
        return requestId;
    }

    @Override
    public void onClosed(Runnable listener) {
        if (closed) {
            listener.run();
        } else {
            listeners.add(listener);
        }
    }

    @Override
    public void onAborted(Consumer<GenerationException> listener) {
        if (abortion == null) {
            abortListeners.add(listener);
        } else {
            listener.accept(abortion);
        }
    }

    /** Ends this exchange from this side. On any thread. */
    void abort(GenerationException reason) {
        eventLoop.execute(() -> {
            if (!closed && abortion == null) {
                abortion = reason;
                // A copy: what a listener does may be the end of this exchange.
                List.copyOf(abortListeners).forEach(listener -> listener.accept(reason));
            }
        });
    }

    private void close() {
        if (!eventLoop.inEventLoop()) {
            eventLoop.execute(this::close);
        } else if (!closed) {
            closed = true;
            listeners.forEach(Runnable::run);
            listeners.clear();
            abortListeners.clear();
            // Last: the listeners may have something to tell of how it ended.
            exchange.end();
        }
    }

    Exchange exchange() {
        return exchange;
    }

    @Override
    public Telemetry telemetry() {
        return exchange;
    }

    @Override
    public TraceContext trace() {
        return exchange.trace();
    }

    @Override
    public ErrorResponse describe(GenerationException error) {
        return ErrorMapper.body(error);
    }
}
