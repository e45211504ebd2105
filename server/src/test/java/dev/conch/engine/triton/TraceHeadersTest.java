package dev.conch.engine.triton;

import static dev.conch.engine.EngineRequests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.engine.RecordingListener;
import dev.conch.generation.TraceContext;
import dev.conch.sim.SimulatedTriton;
import dev.conch.sim.script.Reply;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TraceHeadersTest {
    private static final TraceContext TRACE =
            new TraceContext("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", 1, "a=1,b=2");

    private final BlockingQueue<Metadata> sent = new LinkedBlockingQueue<>();
    private final SimulatedTriton triton =
            SimulatedTriton.builder().tcp(0).reply(Reply.ofTokens(7)).start();
    private final TritonEngine engine = new TritonEngine(
            List.of("127.0.0.1:" + triton.port()),
            (address, _) -> NettyChannelBuilder.forTarget(address)
                    .usePlaintext()
                    .intercept(new Recorder())
                    .build(),
            TritonTimeouts.DEFAULT,
            SubscriptionSettings.OFF,
            new Random(1),
            RouteWatch.NONE);

    @AfterEach
    void stop() {
        engine.close();
        triton.close();
    }

    @Test
    void theEngineIsToldTheTrace() throws Exception {
        Metadata headers = headersOf(TRACE);
        assertThat(headers.get(TraceHeaders.PARENT))
                .isEqualTo("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        assertThat(headers.get(TraceHeaders.STATE)).isEqualTo("a=1,b=2");
    }

    @Test
    void orOfNone() throws Exception {
        Metadata headers = headersOf(null);
        assertThat(headers.containsKey(TraceHeaders.PARENT)).isFalse();
        assertThat(headers.containsKey(TraceHeaders.STATE)).isFalse();
    }

    private Metadata headersOf(@Nullable TraceContext trace) throws Exception {
        var heard = new RecordingListener();
        engine.start(request(1).withTrace(trace), heard, Runnable::run);
        heard.awaitLast();
        return sent.take();
    }

    /** Keeps what generations are sent with. */
    private final class Recorder implements ClientInterceptor {
        @Override
        public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
            return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
                @Override
                public void start(Listener<A> listener, Metadata headers) {
                    if (method.getFullMethodName().equals(StreamMethod.DESCRIPTOR.getFullMethodName())) {
                        sent.add(headers);
                    }
                    super.start(listener, headers);
                }
            };
        }
    }
}
