package dev.conch.http;

import dev.conch.http.request.Endpoint;
import dev.conch.http.request.RequestLimits;
import dev.conch.http.request.RequestParameters;
import dev.conch.pipeline.PromptWorkers;
import io.micronaut.http.ServerHttpRequest;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Makes a request's record of its body. Long bodies are read by the prompt workers, so that no event loop waits for one. What nobody
 * defined is counted, and named in the answer. Thread-safe.
 */
@Singleton
final class RequestReading {
    /**
     * Reading is so much cheaper than rendering and encoding that a small piece of work has more bytes here than characters there.
     */
    private static final int BYTES_PER_CHAR_OF_WORK = 16;

    private final RequestBodies bodies;
    private final BodyMemory memory;
    private final PromptWorkers workers;
    private final RequestLimits limits;

    RequestReading(RequestBodies bodies, BodyMemory memory, PromptWorkers workers, RequestLimits limits) {
        this.bodies = bodies;
        this.memory = memory;
        this.workers = workers;
        this.limits = limits;
    }

    /** A request's record, and what of its body went unread. */
    private record Reading<T>(T request, List<String> ignored) {}

    /**
     * Reads the body, and has it answered. What the body takes up counts until the answer begins.
     *
     * @return completes on the event loop; fails with a {@link dev.conch.generation.GenerationException}
     */
    <T, R> CompletionStage<R> read(
            ServerHttpRequest<?> request,
            HttpConnection client,
            Endpoint endpoint,
            Function<RequestParameters, T> reader,
            Function<T, CompletionStage<R>> answer) {
        BodyMemory.Share share = memory.share();
        client.onClosed(share::close);
        return read(request, client, endpoint, reader, share)
                .thenCompose(answer)
                .whenComplete((_, _) -> share.close());
    }

    private <T> CompletionStage<T> read(
            ServerHttpRequest<?> request,
            HttpConnection client,
            Endpoint endpoint,
            Function<RequestParameters, T> reader,
            BodyMemory.Share share) {
        return bodies.receive(request, client, share)
                .thenCompose(body -> workers.run(
                        body.work() / BYTES_PER_CHAR_OF_WORK, () -> reading(body.decoded(), endpoint, reader), client))
                .thenApply(reading -> {
                    note(request, client, reading.ignored());
                    return reading.request();
                });
    }

    private <T> Reading<T> reading(byte[] bytes, Endpoint endpoint, Function<RequestParameters, T> reader) {
        RequestParameters parameters = RequestParameters.of(bytes, endpoint, limits);
        T request = reader.apply(parameters);
        return new Reading<>(request, parameters.ignored());
    }

    private static void note(ServerHttpRequest<?> request, HttpConnection client, List<String> ignored) {
        if (!ignored.isEmpty()) {
            client.exchange().ignored(ignored.size());
            IgnoredParametersFilter.remember(request, ignored);
        }
    }
}
