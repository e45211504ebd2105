package dev.conch.engine.triton;

import dev.conch.sim.SimulatedTriton;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** On a Netty event loop that carries the channel too, over TCP. */
abstract class NettyTritonEngineContractTest extends TritonEngineContractTest {
    private final EventLoopGroup group;

    NettyTritonEngineContractTest(IoHandlerFactory transport) {
        super(SimulatedTriton.builder().tcp(0), _ -> new NettyChannelFactory());
        group = new MultiThreadIoEventLoopGroup(1, transport);
    }

    @Override
    protected Executor loop() {
        return group.next();
    }

    @Override
    void stopLoop() {
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
