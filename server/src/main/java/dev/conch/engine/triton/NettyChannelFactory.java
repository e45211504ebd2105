package dev.conch.engine.triton;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.Channel;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Opens HTTP/2 connections in plain text. A host name with several addresses (a headless service) is spread over all of them.
 * Thread-safe.
 */
public final class NettyChannelFactory implements ChannelFactory {
    /** Answers that do not stream come in one message; gRPC's own limit of 4 MiB would cut off long ones. */
    private static final int MAX_MESSAGE_BYTES = 64 << 20;

    /** A fixed window needs no pings to find its size, and Triton strikes out clients that ping too often. */
    private static final int FLOW_CONTROL_WINDOW_BYTES = 1 << 20;

    /** Triton allows one ping in 5 minutes. */
    private static final long KEEP_ALIVE_MINUTES = 6;

    @Override
    public ManagedChannel open(String address, @Nullable IoEventLoop loop) {
        var builder = NettyChannelBuilder.forTarget("dns:///" + address)
                .usePlaintext()
                .directExecutor()
                .defaultLoadBalancingPolicy("round_robin")
                .disableServiceConfigLookUp()
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .flowControlWindow(FLOW_CONTROL_WINDOW_BYTES)
                .keepAliveTime(KEEP_ALIVE_MINUTES, TimeUnit.MINUTES);
        Class<? extends Channel> type = loop == null ? null : channelType(loop);
        if (loop != null && type != null) {
            builder.eventLoopGroup(loop).channelType(type);
        }
        return builder.build();
    }

    private static @Nullable Class<? extends Channel> channelType(IoEventLoop loop) {
        if (loop.isIoType(EpollIoHandler.class)) {
            return EpollSocketChannel.class;
        }
        return loop.isIoType(NioIoHandler.class) ? NioSocketChannel.class : null;
    }
}
