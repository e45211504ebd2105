package dev.conch.pipeline;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Where long requests are read, rendered and encoded, so that no event loop waits for one of them. A bounded pool: what finds no place in
 * its queue is told that the server is overloaded. Thread-safe.
 */
public final class PromptWorkers implements AutoCloseable {
    /** Work of up to so many characters is done faster than another thread is woken for it. */
    private static final int SMALL_CHARS = 2_000;

    private static final int MAX_WAITING = 256;
    private static final int KEEP_ALIVE_SECONDS = 30;

    private final ThreadPoolExecutor pool;

    /**
     * Starts no thread before there is work.
     *
     * @param threads at least 1
     */
    public PromptWorkers(int threads) {
        pool = new ThreadPoolExecutor(
                threads,
                threads,
                KEEP_ALIVE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MAX_WAITING),
                (_, _) -> {
                    throw new GenerationException(
                            ErrorCode.OVERLOADED, "Too many long requests are waiting. Try again shortly.");
                });
        pool.allowCoreThreadTimeOut(true);
    }

    /**
     * Does the work, here and now if it is small, and completes on the event loop whatever comes of it.
     *
     * @param chars how much text it is about
     * @throws GenerationException {@code OVERLOADED} if there is no place; what small work throws is thrown too
     */
    public <T> CompletionStage<T> run(long chars, Supplier<T> work, Executor eventLoop) {
        if (chars <= SMALL_CHARS) {
            return CompletableFuture.completedFuture(work.get());
        }
        var result = new CompletableFuture<T>();
        pool.execute(() -> work(work, result, eventLoop));
        return result;
    }

    private static <T> void work(Supplier<T> work, CompletableFuture<T> result, Executor eventLoop) {
        try {
            T value = work.get();
            eventLoop.execute(() -> result.complete(value));
        } catch (RuntimeException | Error e) {
            eventLoop.execute(() -> result.completeExceptionally(e));
        }
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
