package dev.conch.http.connection;

import dev.conch.generation.GenerationException;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * Counts the exchanges of an HTTP/1.1 connection, and closes it after an answer that came before its request was whole: nobody reads the
 * rest. To a client of HTTP/1.0 it sends an answer of unknown length without chunks, which it does not know: there the end of the connection
 * ends it. One for each connection, between the codec and the server.
 */
@SuppressWarnings("FutureReturnValueIgnored") // of what is written or closed the channel itself hears
final class ExchangeWatch extends ChannelDuplexHandler {
    private int running;
    private boolean requestComing;
    private boolean closing;

    /** Whether no request is being answered. */
    boolean idle() {
        return running == 0;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpRequest request) {
            running++;
            // Without a body the request is whole, and may be answered before the codec says so.
            requestComing = HttpUtil.isTransferEncodingChunked(request) || HttpUtil.getContentLength(request, 0L) > 0;
        }
        if (message instanceof LastHttpContent) {
            requestComing = false;
        }
        ctx.fireChannelRead(message);
    }

    /** An exception would not get here: ahead of us Micronaut has a handler that only logs what went wrong before a request was there. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof GenerationException fault) {
            ctx.fireExceptionCaught(fault);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response) {
            if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
                ctx.write(message, promise);
                return;
            }
            if (withoutChunks(response) || (requestComing && running == 1)) {
                closing = true;
                response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            }
        }
        if (message instanceof LastHttpContent) {
            running--;
            ctx.write(message, closing ? promise.unvoid().addListener(ChannelFutureListener.CLOSE) : promise);
        } else {
            ctx.write(message, promise);
        }
    }

    /** Takes the chunks from an answer to HTTP/1.0; false: there are none, or it may have them. */
    private static boolean withoutChunks(HttpResponse response) {
        boolean old = response.protocolVersion().equals(HttpVersion.HTTP_1_0);
        if (!old || !HttpUtil.isTransferEncodingChunked(response)) {
            return false;
        }
        HttpUtil.setTransferEncodingChunked(response, false);
        return true;
    }
}
