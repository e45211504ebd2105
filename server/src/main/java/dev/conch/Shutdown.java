package dev.conch;

import dev.conch.config.ConchConfiguration;
import dev.conch.http.Drain;
import io.micronaut.context.ApplicationContext;
import io.micronaut.http.server.netty.NettyEmbeddedServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/**
 * Ends the program at a signal (SIGTERM, SIGINT): first it is not ready, then it takes no new requests, then those inside have time to
 * finish, then they are told that it is over. A second signal skips the waiting. The process ends with status 0.
 *
 * <p>{@link Signal} belongs to the JDK's supported extensions (module {@code jdk.unsupported}): a shutdown hook hears the first signal only,
 * and cannot choose the exit status.
 */
final class Shutdown {
    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);
    /** How long last words may take to get out. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final ApplicationContext context;
    private final Drain drain;
    private final ConchConfiguration.Drain times;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CompletableFuture<@Nullable Void> hurry = new CompletableFuture<>();

    Shutdown(ApplicationContext context, ConchConfiguration.Drain times) {
        this.context = context;
        this.drain = context.getBean(Drain.class);
        this.times = times;
    }

    /** From now on signals end the program in order. */
    static void atSignals(ApplicationContext context, ConchConfiguration.Drain times) {
        var shutdown = new Shutdown(context, times);
        for (String name : new String[] {"TERM", "INT"}) {
            // Each signal is handled on a thread of its own.
            Signal.handle(new Signal(name), _ -> {
                if (shutdown.signalled()) {
                    System.exit(0);
                }
            });
        }
    }

    /** Ends all but the process, or, told a second time, has whoever does so stop waiting. True: it is done. */
    boolean signalled() {
        if (!begun.compareAndSet(false, true)) {
            hurry.complete(null);
            return false;
        }
        LOG.info("ending: not ready any more");
        drain.announce();
        await(new CompletableFuture<>(), times.delay());
        LOG.info("ending: no new requests");
        CompletionStage<@Nullable Void> empty = drain.close();
        if (!await(empty, times.timeout())) {
            LOG.warn("ending: requests that are not done are told so");
            drain.abort();
            lastWords(empty);
        }
        lastWords(context.getBean(NettyEmbeddedServer.class).shutdownGracefully());
        context.close();
        return true;
    }

    /** Whether it happened in time and before anybody hurried. */
    private boolean await(CompletionStage<?> event, Duration time) {
        var happened = event.thenApply(_ -> true).toCompletableFuture();
        try {
            happened.applyToEither(hurry.thenApply(_ -> false), result -> result)
                    .get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // falls through: that is what the time is for
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
        return happened.isDone();
    }

    private static void lastWords(CompletionStage<?> said) {
        said.handle((_, _) -> true)
                .toCompletableFuture()
                .completeOnTimeout(false, LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }
}
