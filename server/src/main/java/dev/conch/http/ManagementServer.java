package dev.conch.http;

import dev.conch.http.connection.ConnectionCustomizer;
import dev.conch.http.connection.ConnectionLimits;
import dev.conch.http.connection.OpenConnections;
import io.micronaut.http.HttpVersion;
import io.micronaut.http.server.netty.NettyEmbeddedServer;
import io.micronaut.http.server.netty.NettyEmbeddedServerFactory;
import io.micronaut.http.server.netty.configuration.NettyHttpServerConfiguration;
import io.micronaut.runtime.ApplicationConfiguration;

/** The operator's door: a listener of its own with the public one's routes, which {@link ListenerFilter} tells apart. */
public final class ManagementServer implements AutoCloseable {
    private final NettyEmbeddedServer server;

    /**
     * Opens nothing yet.
     *
     * @param like the public door's configuration, whose limits of heads and bodies hold here too
     * @param host address to listen on
     * @param port 0 for any free one
     */
    public ManagementServer(
            NettyEmbeddedServerFactory factory,
            ApplicationConfiguration application,
            NettyHttpServerConfiguration like,
            ConnectionLimits limits,
            String host,
            int port) {
        var configuration = new NettyHttpServerConfiguration(application);
        configuration.setHost(host);
        configuration.setPort(port == 0 ? -1 : port);
        configuration.setHttpVersion(HttpVersion.HTTP_1_1);
        setLimits(configuration, like);
        server = factory.build(configuration);
        server.register(new ConnectionCustomizer(limits, true, new OpenConnections()));
    }

    private static void setLimits(NettyHttpServerConfiguration configuration, NettyHttpServerConfiguration like) {
        configuration.setMaxInitialLineLength(like.getMaxInitialLineLength());
        configuration.setMaxHeaderSize(like.getMaxHeaderSize());
        configuration.setMaxRequestSize(like.getMaxRequestSize());
        configuration.setMaxRequestBufferSize(like.getMaxRequestBufferSize());
        configuration.setCompressionThreshold(like.getCompressionThreshold());
        configuration.setRequestDecompressionEnabled(like.isRequestDecompressionEnabled());
        configuration.setIdleTimeout(like.getIdleTimeout());
        configuration.setDispatchOptionsRequests(like.isDispatchOptionsRequests());
        configuration.setThreadSelection(like.getThreadSelection());
    }

    /** Opens the door. */
    public void start() {
        server.start();
    }

    /** Where it listens. */
    public int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.stop();
    }
}
