package dev.conch;

import dev.conch.engine.InferenceEngine;
import dev.conch.pipeline.Readiness;
import dev.conch.telemetry.EngineMeters;
import dev.conch.telemetry.Figures;
import dev.conch.telemetry.HeapPressure;
import dev.conch.telemetry.NanoClock;
import dev.conch.telemetry.ServerMeters;
import dev.conch.telemetry.UpstreamPoll;
import dev.conch.telemetry.UpstreamWatch;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.netty4.NettyAllocatorMetrics;
import io.micrometer.core.instrument.binder.netty4.NettyEventExecutorMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Secondary;
import io.micronaut.http.netty.channel.EventLoopGroupRegistry;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Has the figures taken: those that somebody tells of, and those that are asked for. */
@Factory
final class FigureWiring {
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(5);
    /** What stands for the version where the classes come from no jar. */
    private static final String UNPACKED = "unpacked";

    @Secondary
    @Singleton
    @Bean(preDestroy = "close")
    HeapPressure heapPressure(NanoClock clock) {
        return HeapPressure.watch(clock);
    }

    @Singleton
    @Bean(preDestroy = "close")
    JvmGcMetrics collections() {
        return new JvmGcMetrics();
    }

    /** At the start: event loops are asked for their names here, which must not happen on one of them. */
    @Context
    @Bean(preDestroy = "close")
    Figures figures(
            Clock clock,
            NanoClock nanoClock,
            HeapPressure heap,
            JvmGcMetrics collections,
            EventLoopGroupRegistry loops) {
        var figures = new Figures(clock, nanoClock);
        bindMachine(figures, collections);
        loops.getEventLoopGroup("default").ifPresent(group -> figures.bind(new NettyEventExecutorMetrics(group)));
        figures.gauge(
                "inference.heap.used.ratio",
                "Part of the heap that was in use after the last collection",
                Tags.empty(),
                heap::ratio);
        figures.gauge("conch.build.info", "Always 1; which program this is", Tags.of("version", version()), () -> 1);
        return figures;
    }

    private static void bindMachine(Figures figures, JvmGcMetrics collections) {
        figures.bind(collections);
        figures.bind(new JvmMemoryMetrics());
        figures.bind(new JvmThreadMetrics());
        figures.bind(new ProcessorMetrics());
        figures.bind(new FileDescriptorMetrics());
        figures.bind(new UptimeMetrics());
        figures.bind(new NettyAllocatorMetrics((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT));
    }

    private static String version() {
        return Optional.ofNullable(Conch.class.getPackage())
                .map(Package::getImplementationVersion)
                .orElse(UNPACKED);
    }

    @Singleton
    ServerMeters serverMeters(Figures figures) {
        return new ServerMeters(figures);
    }

    /** At the start: figures that nothing has moved yet are told as 0. */
    @Context
    EngineMeters engineMeters(Figures figures) {
        return MeteredRoutes.meters(figures);
    }

    @Context
    @Bean(preDestroy = "close")
    UpstreamPoll upstream(Figures figures, InferenceEngine engine, Readiness readiness) {
        var replicas = new UpstreamWatch(
                figures, "inference.upstream.up", "Whether a Triton answers", "replica", engine::replicas);
        var models = new UpstreamWatch(
                figures, "inference.model.ready", "Whether a model can be served", "model", readiness::models);
        return UpstreamPoll.start(List.of(replicas, models), POLL_INTERVAL);
    }
}
