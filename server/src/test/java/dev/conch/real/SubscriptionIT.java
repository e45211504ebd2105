package dev.conch.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.engine.EngineRequests;
import dev.conch.engine.RecordingListener;
import dev.conch.engine.RunningGeneration;
import dev.conch.engine.triton.RouteWatch;
import dev.conch.engine.triton.SubscriptionSettings;
import dev.conch.engine.triton.TritonEngine;
import dev.conch.engine.triton.TritonTimeouts;
import dev.conch.generation.GenerationRequest;
import dev.conch.generation.SamplingParams;
import dev.conch.generation.StopConditions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Both ways to the real server and its CPU model, whose setting {@code deterministic} makes the same request give the same ids. */
class SubscriptionIT {
    private static final int TOKENS = 6;

    private static RealTriton triton;
    private static ExecutorService loop;
    private static TritonEngine bySubscription;
    private static TritonEngine perRequest;

    @SuppressWarnings("NullAway.Init")
    SubscriptionIT() {}

    @BeforeAll
    static void start() {
        triton = new RealTriton("deterministic=true");
        loop = Executors.newSingleThreadExecutor();
        bySubscription = engine(new SubscriptionSettings(true, Duration.ofMillis(500)));
        perRequest = engine(SubscriptionSettings.OFF);
    }

    private static TritonEngine engine(SubscriptionSettings subscriptions) {
        return TritonEngine.over(
                List.of("127.0.0.1:" + triton.grpcPort()), TritonTimeouts.DEFAULT, subscriptions, RouteWatch.NONE);
    }

    @AfterAll
    static void stop() {
        bySubscription.close();
        perRequest.close();
        loop.shutdownNow();
        triton.close();
    }

    private static GenerationRequest request(long seed) {
        return EngineRequests.request(
                SamplingParams.of(1, 1, 0, 0, seed),
                StopConditions.of(TOKENS, List.of(EngineRequests.END_TOKEN), List.of()));
    }

    private static <T> T onLoop(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, loop).join();
    }

    /** Starts all in one pass of the loop. */
    private static List<RecordingListener> start(TritonEngine engine, List<GenerationRequest> requests) {
        return onLoop(() -> requests.stream()
                .map(request -> {
                    var heard = new RecordingListener();
                    engine.start(request, heard, loop);
                    return heard;
                })
                .toList());
    }

    private static List<GenerationRequest> requests() {
        List<GenerationRequest> requests = new ArrayList<>();
        for (int seed = 0; seed < 2; seed++) {
            requests.add(request(seed));
        }
        requests.add(EngineRequests.logprobs(request(7), 2));
        requests.add(EngineRequests.choices(request(8), 2));
        return requests;
    }

    @Test
    void bothWaysTellTheSame() throws Exception {
        List<RecordingListener> one = start(perRequest, requests());
        List<RecordingListener> other = start(bySubscription, requests());
        List<GenerationRequest> requests = requests();
        for (int i = 0; i < one.size(); i++) {
            int choices = requests.get(i).choices();
            one.get(i).awaitEnds(choices);
            other.get(i).awaitEnds(choices);
            assertThat(other.get(i).errors()).isEmpty();
            for (int choice = 0; choice < choices; choice++) {
                assertThat(other.get(i).tokenIds(choice))
                        .containsExactly(one.get(i).tokenIds(choice));
                assertThat(other.get(i).ends(choice)).hasSize(1);
            }
            assertThat(other.get(i).logprobs()).hasSameSizeAs(one.get(i).logprobs());
            assertThat(other.get(i).cachedTokens()).hasSameSizeAs(one.get(i).cachedTokens());
        }
    }

    @Test
    void aCancelledGenerationFreesItsPlace() throws Exception {
        var heard = new RecordingListener();
        var request = EngineRequests.request(StopConditions.of(1_000, List.of(), List.of()));
        RunningGeneration generation = onLoop(() -> bySubscription.start(request, heard, loop));
        heard.awaitTokens(1);
        generation.cancel();
        Waiting.until("the engine has nothing to do", () -> triton.activeRequests() == 0);
        assertThat(heard.errors()).isEmpty();
    }

    /** While another instance takes over, what the one before has taken goes on, and the next request does not notice. */
    @Test
    void goesOnWithAModelThatIsLoadedAnew() throws Exception {
        var before = new RecordingListener();
        var endless = EngineRequests.request(StopConditions.of(1_000, List.of(), List.of()));
        RunningGeneration generation = onLoop(() -> bySubscription.start(endless, before, loop));
        before.awaitTokens(1);
        triton.change("cancellation_check_period_ms", "19");
        bySubscription
                .repository()
                .load(EngineRequests.MODEL)
                .toCompletableFuture()
                .join();
        assertThat(triton.instances()).isEqualTo(2);
        before.awaitTokens(before.tokenIds().length + 100); // more than one window
        RecordingListener after =
                start(bySubscription, List.of(request(1))).getFirst().awaitLast();
        assertThat(before.errors()).isEmpty();
        generation.cancel();
        assertThat(after.errors()).isEmpty();
        assertThat(after.tokenIds()).isNotEmpty();
        Waiting.until(
                "one instance is left, with nothing to do",
                () -> triton.instances() == 1 && triton.activeRequests() == 0);
    }

    /** A subscription that is idle is closed: the model can be unloaded, and is there again for the next. */
    @Test
    void leavesNothingThatKeepsTheModel() throws Exception {
        start(bySubscription, List.of(request(1))).getFirst().awaitLast();
        var models = bySubscription.repository();
        models.unload(EngineRequests.MODEL).toCompletableFuture().join();
        Waiting.until(
                "the model is gone",
                () -> models.index().toCompletableFuture().join().stream()
                        .anyMatch(entry -> entry.engineModel().equals(EngineRequests.MODEL)
                                && entry.state().equals("UNAVAILABLE")));
        assertThat(models.load(EngineRequests.MODEL)).succeedsWithin(Duration.ofSeconds(60));
        RecordingListener heard =
                start(bySubscription, List.of(request(1))).getFirst().awaitLast();
        assertThat(heard.errors()).isEmpty();
    }
}
