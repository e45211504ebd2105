package dev.conch.engine.triton;

import dev.conch.engine.EngineListener;
import dev.conch.engine.RecordingListener;
import dev.conch.engine.RunningGeneration;
import dev.conch.generation.GenerationException;
import dev.conch.generation.GenerationRequest;
import dev.conch.sim.SimulatedTriton;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;

/** An engine before a simulated Triton in this process; a subclass says which way requests go. */
abstract class SimulatedEngineTest {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final Duration LONG = Duration.ofMinutes(10);
    static final Duration SHORT = Duration.ofMillis(100);

    final ExecutorService loop = Executors.newSingleThreadExecutor();
    final SubscriptionSettings subscriptions;
    final RecordedRoutes routes = new RecordedRoutes();
    SimulatedTriton triton = SimulatedTriton.builder().start();
    TritonEngine engine;

    SimulatedEngineTest(SubscriptionSettings subscriptions) {
        this.subscriptions = subscriptions;
        this.engine = engine(TritonTimeouts.DEFAULT, subscriptions);
    }

    @AfterEach
    void stop() {
        engine.close();
        triton.close();
        loop.shutdownNow();
    }

    /** One more front end of the same Triton. */
    final TritonEngine engine(TritonTimeouts timeouts, SubscriptionSettings settings) {
        return new TritonEngine(
                List.of("in process"),
                TritonEngineContractTest.inProcess(triton),
                timeouts,
                settings,
                new Random(1),
                routes);
    }

    final void use(SimulatedTriton.Builder other) {
        use(other, TritonTimeouts.DEFAULT);
    }

    final void use(SimulatedTriton.Builder other, TritonTimeouts timeouts) {
        engine.close();
        triton.close();
        triton = other.start();
        engine = engine(timeouts, subscriptions);
    }

    /** Goes on with another engine before the same Triton. */
    final void use(TritonTimeouts timeouts, SubscriptionSettings settings) {
        engine.close();
        engine = engine(timeouts, settings);
    }

    final <T> T onLoop(Supplier<T> work) throws Exception {
        return CompletableFuture.supplyAsync(work, loop).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    final RunningGeneration start(GenerationRequest request, EngineListener listener) throws Exception {
        return onLoop(() -> engine.start(request, listener, loop));
    }

    final RecordingListener start(GenerationRequest request) throws Exception {
        var heard = new RecordingListener();
        start(request, heard);
        return heard;
    }

    /** Runs it to its end. */
    final RecordingListener run(GenerationRequest request) throws Exception {
        return start(request).awaitLast();
    }

    final GenerationException failureOf(GenerationRequest request) throws Exception {
        return start(request).awaitError();
    }
}
