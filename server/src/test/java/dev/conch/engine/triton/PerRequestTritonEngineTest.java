package dev.conch.engine.triton;

import dev.conch.sim.SimulatedTriton;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** With a stream for each generation, though the model offers subscriptions. */
class PerRequestTritonEngineTest extends TritonEngineContractTest {
    private final ExecutorService loop = Executors.newSingleThreadExecutor();

    PerRequestTritonEngineTest() {
        super(SimulatedTriton.builder(), TritonEngineContractTest::inProcess, SubscriptionSettings.OFF);
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
