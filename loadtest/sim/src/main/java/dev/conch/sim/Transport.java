package dev.conch.sim;

import io.grpc.ManagedChannelBuilder;
import io.grpc.ServerBuilder;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** How calls reach the server, and what has to be released for it afterwards. */
sealed interface Transport extends AutoCloseable {
    ServerBuilder<?> server();

    /** A way to the server that listens on this port. */
    ManagedChannelBuilder<?> channel(int port);

    /** Ends all connections as a dying process would: without a word of gRPC. */
    void dropConnections();

    /** Releases what is left once the server has ended. */
    @Override
    void close();

    /** In this process: messages are handed over, no socket is opened. */
    record InProcess(String name) implements Transport {
        static Transport unique() {
            return new InProcess(InProcessServerBuilder.generateName());
        }

        @Override
        public ServerBuilder<?> server() {
            return InProcessServerBuilder.forName(name);
        }

        @Override
        public ManagedChannelBuilder<?> channel(int port) {
            return InProcessChannelBuilder.forName(name);
        }

        @Override
        public void dropConnections() {}

        @Override
        public void close() {}
    }

    /** HTTP/2 without TLS, on threads of its own: one accepts connections, one does all the reading and writing. */
    record Tcp(InetSocketAddress address, EventLoopGroup acceptor, EventLoopGroup connections, ChannelGroup accepted)
            implements Transport {
        /** gRPC logs a stack for each client that hangs up; here clients do that all day. Held, or it would be forgotten. */
        private static final Logger HANDLER_LOG = Logger.getLogger("io.grpc.netty.NettyServerHandler");

        static {
            HANDLER_LOG.setLevel(Level.SEVERE);
        }

        static Transport on(String host, int port) {
            return new Tcp(
                    new InetSocketAddress(host, port),
                    oneThread(),
                    oneThread(),
                    new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true));
        }

        @Override
        public ServerBuilder<?> server() {
            return NettyServerBuilder.forAddress(address)
                    .channelFactory(() -> new RecordingServerChannel(accepted))
                    .bossEventLoopGroup(acceptor)
                    .workerEventLoopGroup(connections)
                    .maxInboundMessageSize(Integer.MAX_VALUE);
        }

        @Override
        public ManagedChannelBuilder<?> channel(int port) {
            return ManagedChannelBuilder.forAddress(address.getHostString(), port)
                    .usePlaintext();
        }

        @Override
        public void dropConnections() {
            accepted.forEach(Tcp::drop);
            accepted.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
            end(connections);
        }

        /** Past gRPC's own handler, which would announce the end and wait for the calls to finish. */
        private static void drop(Channel connection) {
            var unsafe = connection.unsafe();
            connection.eventLoop().execute(() -> unsafe.close(unsafe.voidPromise()));
        }

        @Override
        public void close() {
            end(acceptor);
        }

        /**
         * Remembers its connections: a loop that ends does not reliably close the ones that were just accepted. Each from the moment when it
         * has a loop: before, it could not be closed.
         */
        private static final class RecordingServerChannel extends NioServerSocketChannel {
            private final ChannelGroup accepted;

            RecordingServerChannel(ChannelGroup accepted) {
                this.accepted = accepted;
            }

            @Override
            protected int doReadMessages(List<Object> connections) throws Exception {
                int known = connections.size();
                int count = super.doReadMessages(connections);
                for (Object connection : connections.subList(known, connections.size())) {
                    ((Channel) connection).pipeline().addFirst(new Remembering(accepted));
                }
                return count;
            }
        }

        /** A group that was closed closes what is added to it. */
        private static final class Remembering extends ChannelInitializer<Channel> {
            private final ChannelGroup accepted;

            Remembering(ChannelGroup accepted) {
                this.accepted = accepted;
            }

            @Override
            protected void initChannel(Channel connection) {
                accepted.add(connection);
            }
        }

        private static EventLoopGroup oneThread() {
            return new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        }

        private static void end(EventLoopGroup group) {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
        }
    }
}
