package dev.conch.http;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.http.connection.ConnectionLimits;
import io.micronaut.core.io.buffer.ReadBuffer;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.ServerHttpRequest;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Receives the bodies of requests, within limits of size and patience. Thread-safe. */
@Singleton
final class RequestBodies {
    private final ConnectionLimits limits;

    RequestBodies(ConnectionLimits limits) {
        this.limits = limits;
    }

    /**
     * A body as it was sent.
     *
     * @param coding how it was compressed
     */
    record Body(byte[] sent, ContentCoding coding, int maxBytes, BodyMemory.Share memory) {

        /** How much there is to do with it, in bytes; what it is when decoded is not known before. */
        int work() {
            return coding == ContentCoding.IDENTITY ? sent.length : Integer.MAX_VALUE;
        }

        /**
         * What the client meant. Not for an event loop, if {@link #work} is much.
         *
         * @throws GenerationException {@code CONTENT_TOO_LARGE}, {@code BAD_REQUEST} or {@code OVERLOADED}
         */
        byte[] decoded() {
            byte[] decoded = coding.decode(sent, maxBytes);
            if (coding != ContentCoding.IDENTITY) {
                memory.take(decoded.length);
            }
            return decoded;
        }
    }

    /**
     * The body of a request, when it is whole. To be called on the connection's event loop.
     *
     * @param memory which it takes up
     * @return fails with a {@link GenerationException}: {@code REQUEST_TIMEOUT} if it comes too slowly, or {@code OVERLOADED} if there is no
     *     memory for it
     * @throws GenerationException {@code UNSUPPORTED_MEDIA_TYPE}, {@code UNSUPPORTED_ENCODING} or {@code CONTENT_TOO_LARGE}
     */
    CompletionStage<Body> receive(ServerHttpRequest<?> request, HttpConnection client, BodyMemory.Share memory) {
        ContentType.requireUtf8Json(request.getHeaders().get(HttpHeaders.CONTENT_TYPE));
        ContentCoding coding = ContentCoding.named(request.getHeaders().get(HttpHeaders.CONTENT_ENCODING));
        // Before anything is read: who waits for a 100 to send it need not send it.
        if (request.getContentLength() > limits.maxBodyBytes()) {
            throw tooLarge();
        }
        var collector = new Collector(limits.bodyTimeout(), client.eventLoop(), memory);
        request.byteBody().toReadBufferPublisher().subscribe(collector);
        return collector.whole.thenApply(sent -> new Body(sent, coding, limits.maxBodyBytes(), memory));
    }

    /** The refusal of a body that is larger than any that is taken. */
    static GenerationException tooLarge() {
        return new GenerationException(
                ErrorCode.CONTENT_TOO_LARGE, "The request body is larger than this server takes.");
    }

    /** Gathers pieces, and gives up when they come too slowly. On the connection's event loop. */
    private static final class Collector implements Subscriber<ReadBuffer> {
        final CompletableFuture<byte[]> whole = new CompletableFuture<>();
        private final ByteArrayOutputStream pieces = new ByteArrayOutputStream();
        private final Duration period;
        private final ScheduledExecutorService loop;
        private final BodyMemory.Share memory;
        private @Nullable Subscription subscription;
        private @Nullable Future<?> timer;
        private long elapsedMillis;

        Collector(Duration period, ScheduledExecutorService loop, BodyMemory.Share memory) {
            this.period = period;
            this.loop = loop;
            this.memory = memory;
        }

        @Override
        public void onSubscribe(Subscription newSubscription) {
            subscription = newSubscription;
            schedule();
            newSubscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ReadBuffer piece) {
            byte[] bytes = piece.toArray();
            if (whole.isDone()) {
                return;
            }
            try {
                memory.take(bytes.length);
                pieces.writeBytes(bytes);
            } catch (GenerationException noMemory) {
                giveUp(noMemory);
            }
        }

        @Override
        public void onComplete() {
            stop();
            whole.complete(pieces.toByteArray());
        }

        @Override
        public void onError(Throwable failure) {
            stop();
            whole.completeExceptionally(failure);
        }

        private void schedule() {
            timer = loop.schedule(this::look, period.toMillis(), TimeUnit.MILLISECONDS);
        }

        private void look() {
            elapsedMillis += period.toMillis();
            long expected = elapsedMillis * ConnectionLimits.MIN_BODY_BYTES_PER_SECOND / TimeUnit.SECONDS.toMillis(1);
            if (pieces.size() >= expected) {
                schedule();
                return;
            }
            giveUp(new GenerationException(ErrorCode.REQUEST_TIMEOUT, "The request's body came too slowly."));
        }

        private void giveUp(GenerationException reason) {
            // First, because the publisher may answer a cancel with a failure of its own.
            onError(reason);
            if (subscription != null) {
                subscription.cancel();
            }
        }

        private void stop() {
            if (timer != null) {
                timer.cancel(false);
            }
        }
    }
}
