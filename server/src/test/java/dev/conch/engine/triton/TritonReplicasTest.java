package dev.conch.engine.triton;

import static dev.conch.engine.EngineRequests.MODEL;
import static dev.conch.engine.EngineRequests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.engine.EngineOutput.End;
import dev.conch.engine.EngineRequests;
import dev.conch.engine.RecordingListener;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationRequest;
import dev.conch.sim.SimulatedTriton;
import dev.conch.sim.script.Fault;
import dev.conch.sim.script.Pace;
import dev.conch.sim.script.Reply;
import io.grpc.Status;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Servers that come and go, over TCP. */
class TritonReplicasTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final SimulatedTriton first = SimulatedTriton.builder().tcp(0).start();
    private final SimulatedTriton second = SimulatedTriton.builder().tcp(0).start();
    private TritonEngine engine = engine(first, second);

    private static TritonEngine engine(SimulatedTriton... replicas) {
        List<String> addresses = List.of(replicas).stream()
                .map(triton -> "127.0.0.1:" + triton.port())
                .toList();
        return new TritonEngine(
                addresses,
                new NettyChannelFactory(),
                TritonTimeouts.DEFAULT,
                SubscriptionSettings.DEFAULT,
                new Random(1),
                RouteWatch.NONE);
    }

    @AfterEach
    void stop() {
        engine.close();
        first.close();
        second.close();
        loops.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private RecordingListener start() {
        return start(request(4));
    }

    private RecordingListener start(GenerationRequest request) {
        var heard = new RecordingListener();
        var loop = loops.next();
        loop.execute(() -> engine.start(request, heard, loop));
        return heard;
    }

    private RecordingListener run() throws Exception {
        return start().awaitLast();
    }

    private boolean succeeds() throws Exception {
        return run().errors().isEmpty();
    }

    private boolean succeeds(int times) throws Exception {
        int successes = 0;
        while (successes < times && succeeds()) {
            successes++;
        }
        return successes == times;
    }

    private boolean ready() throws Exception {
        return Boolean.TRUE.equals(
                engine.ready(MODEL).toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }

    /** Takes leave of the clients, so that their connections are closed when this returns. */
    private static void shutDown(SimulatedTriton triton) throws InterruptedException {
        triton.goAway();
        triton.awaitTermination();
        triton.close();
    }

    private static void eventually(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException();
            }
        }
    }

    @Test
    void takesTurns() throws Exception {
        assertThat(succeeds(6)).isTrue();
        assertThat(first.counts().requests()).isEqualTo(3);
        assertThat(second.counts().requests()).isEqualTo(3);
    }

    @Test
    void losesNoRequestWithAReplica() throws Exception {
        assertThat(succeeds(2)).isTrue();
        shutDown(second);
        assertThat(succeeds(8)).isTrue();
        assertThat(ready()).isTrue();
    }

    @Test
    void asksAnotherReplicaWhatAModelCanDo() throws Exception {
        shutDown(first);
        assertThat(succeeds(4)).isTrue();
        assertThat(engine.capabilities(MODEL)).succeedsWithin(PATIENCE);
    }

    @Test
    void triesAnotherReplicaBeforeTheFirstToken() throws Exception {
        first.reply(Reply.ofTokens(11).with(Fault.unavailableAfter(0)));
        second.reply(Reply.ofTokens(12));
        for (int i = 0; i < 4; i++) {
            assertThat(run().tokenIds()).containsExactly(12);
        }
        assertThat(second.counts().requests()).isEqualTo(4);
        assertThat(first.counts().requests()).isEqualTo(2);
    }

    @Test
    void triesAnotherReplicaForEachChoice() throws Exception {
        try (var third = split();
                var fourth = split()) {
            third.reply(Reply.ofTokens(11).with(Fault.unavailableAfter(0)));
            fourth.reply(Reply.ofTokens(12));
            engine.close();
            engine = engine(third, fourth);
            RecordingListener heard =
                    start(EngineRequests.choices(request(4), 2)).awaitEnds(2);
            assertThat(heard.errors()).isEmpty();
            assertThat(heard.tokenIds(0)).containsExactly(12);
            assertThat(heard.tokenIds(1)).containsExactly(12);
            assertThat(third.counts().requests()).isEqualTo(2);
        }
    }

    private static SimulatedTriton split() {
        return SimulatedTriton.builder()
                .tcp(0)
                .parameter("unsupported_inputs", "num_return_sequences")
                .start();
    }

    @Test
    void doesNotBeginAnewAfterATokenWasTold() throws Exception {
        first.reply(Reply.ofTokens(11, 12).with(Fault.unavailableAfter(1)));
        second.reply(Reply.ofTokens(11, 12).with(Fault.unavailableAfter(1)));
        assertThat(run().awaitError().code()).isEqualTo(ErrorCode.UPSTREAM_INTERRUPTED);
        assertThat(first.counts().requests() + second.counts().requests()).isEqualTo(1);
    }

    @Test
    void doesNotBotherAnotherReplicaWithWhatTheRequestIsTheReasonOf() throws Exception {
        for (Fault fault : List.of(
                Fault.queueFull(),
                Fault.executorQueueFull(1),
                Fault.errorAfter(0, "Invalid size for tensor input_ids"),
                Fault.errorAfter(0, "request cancelled"),
                new Fault.CallStatus(0, Status.CANCELLED),
                new Fault.CallStatus(0, Status.INVALID_ARGUMENT),
                new Fault.CallStatus(0, Status.RESOURCE_EXHAUSTED))) {
            long before = first.counts().requests() + second.counts().requests();
            first.reply(Reply.ofTokens(11).with(fault));
            second.reply(Reply.ofTokens(11).with(fault));
            assertThat(run().errors()).as(fault.toString()).hasSize(1);
            assertThat(first.counts().requests() + second.counts().requests())
                    .as(fault.toString())
                    .isEqualTo(before + 1);
        }
    }

    @Test
    void givesUpWhenEveryReplicaRefuses() throws Exception {
        first.reply(Reply.ofTokens(11).with(Fault.unavailableAfter(0)));
        second.reply(Reply.ofTokens(11).with(Fault.unavailableAfter(0)));
        RecordingListener heard = run();
        assertThat(heard.awaitError().code()).isEqualTo(ErrorCode.NO_HEALTHY_BACKEND);
        assertThat(heard.errors()).hasSize(1);
        assertThat(first.counts().requests()).isEqualTo(1);
        assertThat(second.counts().requests()).isEqualTo(1);
    }

    @Test
    void tellsOfEachReplicaWhetherItAnswers() throws Exception {
        String one = "127.0.0.1:" + first.port();
        String other = "127.0.0.1:" + second.port();
        assertThat(replicas()).containsExactlyInAnyOrderEntriesOf(Map.of(one, true, other, true));
        shutDown(second);
        eventually(() -> replicas().equals(Map.of(one, true, other, false)));
    }

    private Map<String, Boolean> replicas() throws Exception {
        return engine.replicas().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void saysAtOnceThatNoServerIsThere() throws Exception {
        shutDown(first);
        shutDown(second);
        assertThat(run().awaitError().code()).isEqualTo(ErrorCode.NO_HEALTHY_BACKEND);
        assertThat(ready()).isFalse();
    }

    @Test
    void comesBackWithTheServer() throws Exception {
        engine.close();
        engine = engine(first);
        int port = first.port();
        assertThat(succeeds()).isTrue();
        shutDown(first);
        eventually(() -> !ready());
        assertThat(succeeds()).isFalse();
        try (var again =
                SimulatedTriton.builder().tcp(port).reply(Reply.ofTokens(7)).start()) {
            eventually(this::ready);
            eventually(this::succeeds);
            assertThat(run().tokenIds()).containsExactly(7);
            assertThat(again.counts().failed()).isZero();
        }
    }

    @Test
    void finishesWhatRunsWhenTheServerSaysGoodbye() throws Exception {
        try (var leaving = SimulatedTriton.builder().tcp(0).pace(Pace.manual()).start()) {
            engine.close();
            engine = engine(leaving);
            leaving.reply(Reply.ofTokens(11));
            RecordingListener heard = start();
            leaving.awaitLive(1, PATIENCE);
            leaving.goAway();
            leaving.step();
            heard.awaitTokens(1);
            leaving.step();
            assertThat(heard.awaitLast().end()).isEqualTo(End.STOP);
            leaving.awaitTermination();
            assertThat(run().awaitError().code()).isEqualTo(ErrorCode.NO_HEALTHY_BACKEND);
        }
    }
}
