package dev.conch.engine.triton;

import dev.conch.sim.SimulatedTriton;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** On an executor that is no event loop, over a transport without sockets. */
class InProcessTritonEngineTest extends TritonEngineContractTest {
    private final ExecutorService loop = Executors.newSingleThreadExecutor();

    InProcessTritonEngineTest() {
        super(SimulatedTriton.builder(), TritonEngineContractTest::inProcess);
    }

    @Override
    protected Executor loop() {
        return loop;
    }

    @Override
    void stopLoop() {
        loop.shutdownNow();
    }
}
