package dev.conch.http;

import dev.conch.http.connection.ConnectionCustomizer;
import dev.conch.http.connection.ConnectionLimits;
import dev.conch.http.connection.OpenConnections;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import jakarta.inject.Singleton;

/** Watches the connections of the public door. */
@Singleton
final class PublicDoor implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
    private final ConnectionLimits limits;
    private final OpenConnections connections;

    PublicDoor(ConnectionLimits limits, OpenConnections connections) {
        this.limits = limits;
        this.connections = connections;
    }

    @Override
    public NettyServerCustomizer.Registry onCreated(BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
        NettyServerCustomizer.Registry registry = event.getBean();
        registry.register(new ConnectionCustomizer(limits, false, connections));
        return registry;
    }
}
