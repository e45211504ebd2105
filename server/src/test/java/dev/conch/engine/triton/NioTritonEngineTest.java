package dev.conch.engine.triton;

import io.netty.channel.nio.NioIoHandler;

class NioTritonEngineTest extends NettyTritonEngineContractTest {
    NioTritonEngineTest() {
        super(NioIoHandler.newFactory());
    }
}
