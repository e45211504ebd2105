package dev.conch.http;

import dev.conch.generation.GenerationException;
import dev.conch.openai.ErrorResponse;
import dev.conch.pipeline.ClientConnection;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;

/**
 * One exchange over HTTP/1.1 or HTTP/2. Micronaut releases a request when its answer is out, when its connection closes and when its
 * HTTP/2 stream is reset, whether the answer has begun or not: that is the end of the exchange.
 */
final class HttpConnection implements ClientConnection {
    private final EventLoop eventLoop;
    private final List<Runnable> listeners = new ArrayList<>();
    private boolean closed;

    HttpConnection(NettyHttpRequest<?> request) {
        this.eventLoop = request.getChannelHandlerContext().channel().eventLoop();
        request.addDisposalResource(() -> {
            if (eventLoop.inEventLoop()) {
                close();
            } else {
                eventLoop.execute(this::close);
            }
        });
    }

    @Override
    public EventLoop eventLoop() {
        return eventLoop;
    }

    @Override
    public void onClosed(Runnable listener) {
        if (closed) {
            listener.run();
        } else {
            listeners.add(listener);
        }
    }

    private void close() {
        closed = true;
        listeners.forEach(Runnable::run);
        listeners.clear();
    }

    @Override
    public ErrorResponse describe(GenerationException error) {
        return ErrorMapper.body(error);
    }
}
