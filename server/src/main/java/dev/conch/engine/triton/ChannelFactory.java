package dev.conch.engine.triton;

import io.grpc.ManagedChannel;
import io.netty.channel.IoEventLoop;
import org.jspecify.annotations.Nullable;

/** Opens channels to a Triton server. Implementations are thread-safe. */
@FunctionalInterface
public interface ChannelFactory {

    /**
     * A new channel, which the caller closes. Nothing is connected yet.
     *
     * @param address host and port
     * @param loop does the channel's I/O if it can, so that a token stays on one thread from socket to socket; null: threads of gRPC's own
     */
    ManagedChannel open(String address, @Nullable IoEventLoop loop);
}
