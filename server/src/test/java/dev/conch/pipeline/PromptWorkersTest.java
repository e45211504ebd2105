package dev.conch.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.TraceContext;
import dev.conch.openai.ErrorResponse;
import dev.conch.telemetry.Telemetry;
import io.netty.channel.DefaultEventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PromptWorkersTest {
    private static final int LONG = 100_000;

    private final DefaultEventLoop loop = new DefaultEventLoop();
    private final PromptWorkers workers = new PromptWorkers(1);

    @AfterEach
    void close() {
        workers.close();
        assertThat(loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void smallWorkIsDoneAtOnce() {
        assertThat(workers.run(10, () -> "done", new Client()).toCompletableFuture())
                .isCompletedWithValue("done");
    }

    @Test
    void whatWorkThrowsIsWhatComesOfIt() {
        for (int chars : new int[] {10, LONG}) {
            CompletableFuture<Object> result = workers.run(
                            chars,
                            () -> {
                                throw new GenerationException(ErrorCode.INVALID_VALUE, "no");
                            },
                            new Client())
                    .toCompletableFuture();
            assertThatThrownBy(result::join)
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(GenerationException.class);
        }
    }

    @Test
    void longWorkIsDoneElsewhereAndToldOnTheLoop() {
        CompletableFuture<Boolean> onTheLoop = workers.run(LONG, () -> loop.inEventLoop(), new Client())
                .thenApply(workedThere -> !workedThere && loop.inEventLoop())
                .toCompletableFuture();
        assertThat(onTheLoop.join()).isTrue();
    }

    @Test
    void workOfAClientThatLeftIsNotDone() {
        var busy = new CountDownLatch(1);
        var leaving = new Client();
        var done = new ArrayList<String>();
        CompletableFuture<Boolean> first =
                workers.run(LONG, () -> await(busy), new Client()).toCompletableFuture();
        CompletableFuture<Boolean> second =
                workers.run(LONG, () -> done.add("second"), leaving).toCompletableFuture();
        CompletableFuture<Boolean> third =
                workers.run(LONG, () -> done.add("third"), new Client()).toCompletableFuture();
        leaving.leave();
        busy.countDown();
        assertThat(first.join()).isTrue();
        assertThat(third.join()).isTrue();
        assertThat(done).containsExactly("third");
        assertThat(second).isNotDone();
    }

    @Test
    void moreThanCanWaitIsRefused() {
        var busy = new CountDownLatch(1);
        var results = new ArrayList<CompletableFuture<Boolean>>();
        for (int i = 0; i < 300; i++) {
            results.add(workers.run(LONG, () -> await(busy), new Client()).toCompletableFuture());
        }
        busy.countDown();
        assertThat(results.getLast())
                .isCompletedExceptionally()
                .failsWithin(java.time.Duration.ofSeconds(20))
                .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                .withCauseInstanceOf(GenerationException.class);
    }

    private static boolean await(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private final class Client implements ClientConnection {
        private final List<Runnable> listeners = new ArrayList<>();

        void leave() {
            listeners.forEach(Runnable::run);
        }

        @Override
        public ScheduledExecutorService eventLoop() {
            return loop;
        }

        @Override
        public void onClosed(Runnable listener) {
            listeners.add(listener);
        }

        @Override
        public void onAborted(Consumer<GenerationException> listener) {
            // this server does not end
        }

        @Override
        public String requestId() {
            return "req";
        }

        @Override
        public Telemetry telemetry() {
            return Telemetry.NONE;
        }

        @Override
        public TraceContext trace() {
            throw new IllegalStateException("workers have no use for it");
        }

        @Override
        public ErrorResponse describe(GenerationException error) {
            throw new IllegalStateException(error);
        }
    }
}
