package dev.conch.engine.triton;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.netty.channel.IoEventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The channels to all replicas of Triton: a set for each event loop, opened when a request on that loop first needs it, and one set
 * apart from them for whatever runs on no event loop. Thread-safe.
 */
final class TritonChannels implements AutoCloseable {
    private static final int CLOSE_SECONDS = 5;

    private final List<String> addresses;
    private final ChannelFactory factory;
    private final Map<IoEventLoop, Replicas> byLoop = new ConcurrentHashMap<>();
    private final Replicas apart;

    TritonChannels(List<String> addresses, ChannelFactory factory) {
        this.addresses = List.copyOf(addresses);
        this.factory = factory;
        this.apart = open(null);
    }

    private Replicas open(@Nullable IoEventLoop loop) {
        return new Replicas(
                addresses.stream().map(address -> factory.open(address, loop)).toList());
    }

    /** The channels for the next generation on this event loop, one to each replica, in the order in which to try them. */
    List<ManagedChannel> inTurn(Executor eventLoop) {
        Replicas replicas = eventLoop instanceof IoEventLoop loop ? byLoop.computeIfAbsent(loop, this::open) : apart;
        return replicas.inTurn();
    }

    /** Likewise for a question that any of them can answer. */
    List<ManagedChannel> inTurn() {
        return apart.inTurn();
    }

    /** One channel to each replica, for questions about it. */
    List<ManagedChannel> toEachReplica() {
        return apart.channels;
    }

    /** Lets every channel that waits before it tries to connect again try at once. */
    void reconnect() {
        byLoop.values().forEach(Replicas::reconnect);
        apart.reconnect();
    }

    /** Returns when the connections are gone, since the event loops may be next to go; must not be called on one of them. */
    @Override
    public void close() {
        List<ManagedChannel> all = Stream.concat(byLoop.values().stream(), Stream.of(apart))
                .flatMap(replicas -> replicas.channels.stream())
                .toList();
        all.forEach(ManagedChannel::shutdownNow);
        all.forEach(TritonChannels::awaitTermination);
    }

    private static void awaitTermination(ManagedChannel channel) {
        try {
            channel.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One channel to each replica. */
    private static final class Replicas {
        private final List<ManagedChannel> channels;
        private final AtomicInteger turn = new AtomicInteger();

        Replicas(List<ManagedChannel> channels) {
            this.channels = channels;
        }

        /** Each time another one first; those that cannot connect come last. */
        List<ManagedChannel> inTurn() {
            int first = turn.getAndIncrement();
            List<ManagedChannel> order = new ArrayList<>(channels.size());
            List<ManagedChannel> failing = new ArrayList<>(0);
            for (int i = 0; i < channels.size(); i++) {
                ManagedChannel channel = channels.get(Math.floorMod(first + i, channels.size()));
                (failing(channel) ? failing : order).add(channel);
            }
            if (order.isEmpty()) {
                // Whoever asks now is reason enough to try again, long before gRPC would by itself.
                reconnect();
            }
            order.addAll(failing);
            return order;
        }

        private static boolean failing(ManagedChannel channel) {
            return channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE;
        }

        void reconnect() {
            channels.stream().filter(Replicas::failing).forEach(ManagedChannel::resetConnectBackoff);
        }
    }
}
