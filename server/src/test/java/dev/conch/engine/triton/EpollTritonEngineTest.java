package dev.conch.engine.triton;

import io.netty.channel.epoll.EpollIoHandler;

class EpollTritonEngineTest extends NettyTritonEngineContractTest {
    EpollTritonEngineTest() {
        super(EpollIoHandler.newFactory());
    }
}
