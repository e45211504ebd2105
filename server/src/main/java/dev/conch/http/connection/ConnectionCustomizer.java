package dev.conch.http.connection;

import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.CleartextHttp2ServerUpgradeHandler;
import io.netty.util.AttributeKey;
import java.util.concurrent.atomic.AtomicInteger;

/** Puts our handlers into the pipeline of each connection of one listener. Thread-safe. */
@SuppressWarnings("FutureReturnValueIgnored") // of what is written or closed the channel itself hears
public final class ConnectionCustomizer implements NettyServerCustomizer {
    private static final AttributeKey<Boolean> MANAGEMENT =
            AttributeKey.valueOf(ConnectionCustomizer.class, "management");

    private final ConnectionLimits limits;
    private final boolean management;
    private final OpenConnections connections;
    private final AtomicInteger open = new AtomicInteger();

    /**
     * For one listener.
     *
     * @param management whether it is the operator's door
     * @param connections which of them are open; each is added
     */
    public ConnectionCustomizer(ConnectionLimits limits, boolean management, OpenConnections connections) {
        this.limits = limits;
        this.management = management;
        this.connections = connections;
    }

    /** Whether this connection came in by the operator's door. */
    public static boolean isManagement(Channel channel) {
        return Boolean.TRUE.equals(channel.attr(MANAGEMENT).get());
    }

    @Override
    public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
        return role == ChannelRole.CONNECTION ? new Connection(channel) : this;
    }

    private final class Connection implements NettyServerCustomizer {
        private final Channel channel;

        Connection(Channel channel) {
            this.channel = channel;
            channel.attr(MANAGEMENT).set(management);
            connections.add(channel);
            channel.closeFuture().addListener(_ -> open.decrementAndGet());
            if (open.incrementAndGet() > limits.maxConnections()) {
                // Not at once: the channel is being registered.
                channel.eventLoop().execute(channel::close);
            }
        }

        @Override
        public void onInitialPipelineBuilt() {
            ChannelPipeline pipeline = channel.pipeline();
            ChannelHandlerContext cleartext = pipeline.context(CleartextHttp2ServerUpgradeHandler.class);
            ChannelHandlerContext codec = cleartext == null ? pipeline.context(HttpServerCodec.class) : cleartext;
            if (codec != null) {
                watchHttp1(pipeline, codec.name(), cleartext != null);
            }
            addIdleClose(pipeline, codec == null ? ChannelPipelineCustomizer.HANDLER_HTTP2_CONNECTION : "conch-linger");
        }

        private void watchHttp1(ChannelPipeline pipeline, String next, boolean http2Possible) {
            var gate = new FramingGate(limits.headerTimeout(), http2Possible);
            pipeline.addBefore(next, "conch-linger", new LingeringClose(gate));
            pipeline.addBefore(next, "conch-framing", gate);
        }

        private void addIdleClose(ChannelPipeline pipeline, String next) {
            pipeline.addBefore(next, "conch-idle", new IdleClose(limits.idleTimeout()));
        }

        @Override
        public void onStreamPipelineBuilt() {
            ChannelPipeline pipeline = channel.pipeline();
            ChannelHandlerContext server = pipeline.context(ChannelPipelineCustomizer.HANDLER_MICRONAUT_INBOUND);
            if (server != null && pipeline.get(ExchangeWatch.class) == null) {
                pipeline.addBefore(server.name(), "conch-exchanges", new ExchangeWatch());
            }
        }
    }
}
