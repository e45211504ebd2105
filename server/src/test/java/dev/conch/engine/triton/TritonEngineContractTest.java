package dev.conch.engine.triton;

import dev.conch.engine.InferenceEngine;
import dev.conch.engine.InferenceEngineContractTest;
import dev.conch.sim.SimulatedTriton;
import dev.conch.sim.engine.SimulatedLogprobs;
import dev.conch.sim.script.Fault;
import dev.conch.sim.script.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;

/** {@link TritonEngine} against a simulated Triton; a subclass brings the transport and the loop. */
abstract class TritonEngineContractTest extends InferenceEngineContractTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    final SimulatedTriton triton;
    private final TritonEngine engine;

    /** By subscriptions. */
    TritonEngineContractTest(SimulatedTriton.Builder server, Function<SimulatedTriton, ChannelFactory> transport) {
        this(server, transport, SubscriptionSettings.DEFAULT);
    }

    TritonEngineContractTest(
            SimulatedTriton.Builder server,
            Function<SimulatedTriton, ChannelFactory> transport,
            SubscriptionSettings subscriptions) {
        triton = server.start();
        ChannelFactory channels = transport.apply(triton);
        String address = "127.0.0.1:" + triton.port();
        engine = new TritonEngine(
                List.of(address), channels, TritonTimeouts.DEFAULT, subscriptions, new Random(1), RouteWatch.NONE);
    }

    /** What the simulated server offers in this process: channels that know nothing of event loops. */
    static ChannelFactory inProcess(SimulatedTriton triton) {
        return (_, _) -> triton.channel().directExecutor().build();
    }

    /** Ends the loop, on which nothing is left. */
    abstract void stopLoop();

    @AfterEach
    void stop() {
        engine.close();
        triton.close();
        stopLoop();
    }

    @Override
    protected InferenceEngine engine() {
        return engine;
    }

    @Override
    protected void nextSays(int... tokenIds) {
        triton.enqueue(Reply.ofTokens(tokenIds));
    }

    @Override
    protected void nextSaysChoices(List<List<Integer>> tokenIds) {
        triton.enqueue(Reply.ofChoices(tokenIds));
    }

    @Override
    protected void nextChoicesHangAfter(int choices, int... tokenIds) {
        nextHangsAfter(tokenIds);
    }

    @Override
    protected void nextChoicesFailAfter(int choices, int tokenId) {
        nextFailsAfter(tokenId);
    }

    @Override
    protected void nextHadCached(int cachedTokens, int... tokenIds) {
        triton.enqueue(Reply.ofTokens(tokenIds).withCachedTokens(cachedTokens));
    }

    @Override
    protected void nextSaysWithLogprobs(int alternatives, int... tokenIds) {
        nextSays(tokenIds);
    }

    @Override
    protected float logprobOf(int tokenId) {
        return SimulatedLogprobs.of(tokenId);
    }

    @Override
    protected int cancelsOf(int choices) {
        return 1;
    }

    @Override
    protected void nextFailsAfter(int... tokenIds) {
        triton.enqueue(Reply.ofTokens(tokenIds).with(Fault.errorAfter(tokenIds.length, "out of luck")));
    }

    @Override
    protected void nextHangsAfter(int... tokenIds) {
        triton.enqueue(Reply.ofTokens(tokenIds).with(Fault.hangAfter(tokenIds.length)));
    }

    @Override
    protected void awaitHanging() throws InterruptedException {
        triton.awaitLive(1, PATIENCE);
    }

    @Override
    protected void awaitCancels(int count) throws InterruptedException {
        triton.awaitCancelled(count, PATIENCE);
    }

    @Override
    protected int cancels() {
        return (int) triton.counts().cancelled();
    }

    @Override
    protected void setReady(boolean ready) {
        triton.setReady(ready);
    }
}
