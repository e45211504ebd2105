package dev.conch.http;

import dev.conch.http.connection.ConnectionCustomizer;
import dev.conch.http.connection.ConnectionLimits;
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
     * @param host address to listen on
     * @param port 0 for any free one
     */
    public ManagementServer(
            NettyEmbeddedServerFactory factory,
            ApplicationConfiguration application,
            ConnectionLimits limits,
            String host,
            int port) {
        var configuration = new NettyHttpServerConfiguration(application);
        configuration.setHost(host);
        configuration.setPort(port == 0 ? -1 : port);
        configuration.setHttpVersion(HttpVersion.HTTP_1_1);
        server = factory.build(configuration);
        server.register(new ConnectionCustomizer(limits, true));
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
