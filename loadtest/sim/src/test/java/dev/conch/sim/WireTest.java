package dev.conch.sim;

import io.grpc.ManagedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** Starts simulated servers and channels, and takes them down after each test. */
abstract class WireTest {
    private final List<SimulatedTriton> servers = new ArrayList<>();
    private final List<ManagedChannel> channels = new ArrayList<>();

    @AfterEach
    void takeDown() throws InterruptedException {
        for (ManagedChannel channel : channels) {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
        servers.forEach(SimulatedTriton::close);
    }

    SimulatedTriton start(SimulatedTriton.Builder builder) {
        SimulatedTriton server = builder.start();
        servers.add(server);
        return server;
    }

    ManagedChannel channel(SimulatedTriton server) {
        ManagedChannel channel = server.channel().directExecutor().build();
        channels.add(channel);
        return channel;
    }

    StreamClient open(SimulatedTriton server) {
        return StreamClient.open(channel(server));
    }
}
