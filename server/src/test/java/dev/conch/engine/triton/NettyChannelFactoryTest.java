package dev.conch.engine.triton;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.proto.inference.GRPCInferenceServiceGrpc;
import dev.conch.proto.inference.ServerReadyRequest;
import dev.conch.proto.inference.ServerReadyResponse;
import dev.conch.sim.SimulatedTriton;
import io.grpc.ManagedChannel;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A call's answer is heard on the thread that read it from the socket, so the thread tells whose channel it is. */
class NettyChannelFactoryTest {
    private final SimulatedTriton triton = SimulatedTriton.builder().tcp(0).start();

    @AfterEach
    void stop() {
        triton.close();
    }

    @Test
    void doesItsIoOnTheLoop() throws Exception {
        assertThat(answersOnLoop(NioIoHandler.newFactory())).isTrue();
        assertThat(answersOnLoop(EpollIoHandler.newFactory())).isTrue();
    }

    @Test
    void usesThreadsOfItsOwnWhereTheLoopCannotOpenSockets() throws Exception {
        assertThat(answersOnLoop(LocalIoHandler.newFactory())).isFalse();
    }

    private boolean answersOnLoop(IoHandlerFactory transport) throws Exception {
        var group = new MultiThreadIoEventLoopGroup(1, transport);
        IoEventLoop loop = group.next();
        ManagedChannel channel = new NettyChannelFactory().open("127.0.0.1:" + triton.port(), loop);
        try {
            return ResponseFuture.<ServerReadyResponse>of(answer -> GRPCInferenceServiceGrpc.newStub(channel)
                            .serverReady(ServerReadyRequest.getDefaultInstance(), answer))
                    .thenApply(ServerReadyResponse::getReady)
                    .thenApply(ready -> ready && loop.inEventLoop())
                    .get(20, TimeUnit.SECONDS);
        } finally {
            channel.shutdownNow().awaitTermination(20, TimeUnit.SECONDS);
            group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }
}
