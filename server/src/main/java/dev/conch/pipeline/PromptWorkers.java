package dev.conch.pipeline;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
     * Does the work, here and now if it is small, and completes on the event loop whatever comes of it. Work that still waits when the
     * client leaves is not done: what was returned never completes then.
     *
     * @param chars how much text it is about
     * @return fails with {@code OVERLOADED} if there is no place, and with what the work throws
     */
    public <T> CompletionStage<T> run(long chars, Supplier<T> work, ClientConnection client) {
        var task = new Task<>(work, client.eventLoop());
        if (chars <= SMALL_CHARS) {
            task.runHere();
        } else {
            try {
                pool.execute(task);
            } catch (GenerationException e) {
                return CompletableFuture.failedFuture(e);
            }
            client.onClosed(() -> {
                task.forget();
                pool.remove(task);
            });
        }
        return task.result;
    }

    /** Lets go of its work once it has been done, for the client that it is done for stays. */
    private static final class Task<T> implements Runnable {
        private final CompletableFuture<T> result = new CompletableFuture<>();
        private final AtomicReference<@Nullable Supplier<T>> work;
        private final Executor eventLoop;

        Task(Supplier<T> work, Executor eventLoop) {
            this.work = new AtomicReference<>(work);
            this.eventLoop = eventLoop;
        }

        void forget() {
            work.set(null);
        }

        void runHere() {
            complete(Runnable::run);
        }

        @Override
        public void run() {
            complete(eventLoop);
        }

        private void complete(Executor whence) {
            Supplier<T> todo = work.getAndSet(null);
            if (todo == null) {
                return;
            }
            try {
                T value = todo.get();
                whence.execute(() -> result.complete(value));
            } catch (RuntimeException | Error e) {
                whence.execute(() -> result.completeExceptionally(e));
            }
        }
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
