package dev.conch.http.connection;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection in two steps while its client is still sending: first our direction, then, when the client has closed its own or has
 * had its time, all of it. Closed at once, the kernel would answer the client's next bytes with a reset, and many clients would then never
 * see the answer that says why. One for each connection.
 */
@SuppressWarnings("FutureReturnValueIgnored") // of what is written or closed the channel itself hears
final class LingeringClose extends ChannelDuplexHandler {
    /** How long bytes of a client are read for nothing. */
    static final Duration TIME = Duration.ofSeconds(2);

    private final FramingGate gate;
    private boolean lingering;

    LingeringClose(FramingGate gate) {
        this.gate = gate;
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (lingering) {
            return;
        }
        if (!ctx.channel().isActive() || !gate.midMessage()) {
            ctx.close(promise);
            return;
        }
        lingering = true;
        ctx.channel().closeFuture().addListener(_ -> promise.trySuccess());
        shutdownOutput(ctx);
        ctx.channel().config().setAutoRead(true);
        ctx.executor().schedule(() -> ctx.close(), TIME.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void shutdownOutput(ChannelHandlerContext ctx) {
        ctx.flush();
        SslHandler ssl = ctx.pipeline().get(SslHandler.class);
        if (ssl != null) {
            ssl.closeOutbound();
        }
        if (ctx.channel() instanceof DuplexChannel channel) {
            channel.shutdownOutput();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (lingering) {
            ReferenceCountUtil.release(message);
        } else {
            ctx.fireChannelRead(message);
        }
    }
}
