package dev.conch.response;

import io.micronaut.buffer.netty.NettyReadBufferFactory;
import io.micronaut.core.type.Argument;
import io.micronaut.core.type.MutableHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.body.ByteBodyFactory;
import io.micronaut.http.body.CloseableByteBody;
import io.micronaut.http.body.ResponseBodyWriter;
import io.micronaut.http.body.stream.BodySizeLimits;
import io.micronaut.http.body.stream.BufferConsumer;
import io.micronaut.http.netty.body.NettyByteBodyFactory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import jakarta.inject.Singleton;
import java.io.OutputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Hands an {@link EventStream} to the connection as buffers, without a publisher in between. Micronaut's streaming body is public but
 * marked internal, so all that depends on it is in this class; the supported way back is {@code ByteBodyFactory.adapt(Publisher)}.
 */
@Singleton
@Produces(MediaType.TEXT_EVENT_STREAM)
final class EventStreamBodyWriter implements ResponseBodyWriter<EventStream> {

    @Override
    public CloseableByteBody writePiece(
            ByteBodyFactory factory,
            HttpRequest<?> request,
            HttpResponse<?> response,
            Argument<EventStream> type,
            MediaType mediaType,
            EventStream stream) {
        var bridge = new Bridge(stream, ((NettyByteBodyFactory) factory).readBufferFactory());
        ByteBodyFactory.StreamingBody body =
                ((NettyByteBodyFactory) factory).createStreamingBody(BodySizeLimits.UNLIMITED, bridge);
        bridge.body = body.sharedBuffer();
        return body.rootBody();
    }

    @Override
    public void writeTo(
            Argument<EventStream> type,
            MediaType mediaType,
            EventStream stream,
            MutableHeaders headers,
            OutputStream out) {
        throw new UnsupportedOperationException(
                "an event stream is written by the connection's event loop, never blocking");
    }

    /** The two directions: bytes to the connection, what became of them to the stream. */
    private static final class Bridge implements BufferConsumer.Upstream, EventStream.Connection {
        private final EventStream stream;
        private final NettyReadBufferFactory buffers;
        /** Set before the connection can call {@link #start}. */
        private @Nullable BufferConsumer body;

        Bridge(EventStream stream, NettyReadBufferFactory buffers) {
            this.stream = stream;
            this.buffers = buffers;
        }

        @Override
        public void start() {
            stream.start(this);
        }

        @Override
        public void onBytesConsumed(long bytes) {
            stream.written(bytes);
        }

        @Override
        public void allowDiscard() {
            stream.discard();
        }

        @Override
        public ByteBufAllocator allocator() {
            return ByteBufAllocator.DEFAULT;
        }

        @Override
        public void write(ByteBuf bytes) {
            body().add(buffers.adapt(bytes));
        }

        @Override
        public void end() {
            body().complete();
        }

        @Override
        public void abort(Throwable cause) {
            body().error(cause);
        }

        private BufferConsumer body() {
            return Objects.requireNonNull(body);
        }
    }
}
