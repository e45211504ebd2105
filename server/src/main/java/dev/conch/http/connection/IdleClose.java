package dev.conch.http.connection;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Closes a connection on which nothing happens and nothing is waited for. */
@SuppressWarnings("FutureReturnValueIgnored") // of what is written or closed the channel itself hears
final class IdleClose extends IdleStateHandler {

    IdleClose(Duration after) {
        super(0, 0, after.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    protected void channelIdle(ChannelHandlerContext ctx, IdleStateEvent event) {
        if (idle(ctx.pipeline())) {
            // From the pipeline's end, so that HTTP/2 says goodbye.
            ctx.channel().close();
        }
    }

    private static boolean idle(ChannelPipeline pipeline) {
        Http2ConnectionHandler http2 = pipeline.get(Http2ConnectionHandler.class);
        if (http2 != null) {
            return http2.connection().numActiveStreams() == 0;
        }
        ExchangeWatch exchanges = pipeline.get(ExchangeWatch.class);
        return exchanges == null || exchanges.idle();
    }
}
