package dev.conch.telemetry;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;

/**
 * How much of the heap is in use, garbage left out: as the last collection left it, since between collections any heap fills up. Told by
 * the collectors, so asking costs nothing. Thread-safe.
 */
public final class HeapPressure implements NotificationListener, AutoCloseable {
    private static final double FULL = 0.9;
    private static final double CRITICAL = 0.95;
    /** An older finding is none: whoever is let in nowhere allocates nothing, and without that there is no collection to correct it. */
    private static final Duration VALIDITY = Duration.ofSeconds(10);

    private final NanoClock clock;
    private final Set<String> heapPools = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getName)
            .collect(Collectors.toUnmodifiableSet());
    private final List<NotificationEmitter> collectors = ManagementFactory.getGarbageCollectorMXBeans().stream()
            .filter(HeapPressure::leavesOnlyWhatLives)
            .map(NotificationEmitter.class::cast)
            .toList();
    private volatile Finding last = new Finding(0, 0);

    /** @param ratio used bytes by the most that the heap can have */
    private record Finding(double ratio, long at) {}

    private HeapPressure(NanoClock clock) {
        this.clock = clock;
    }

    /** Listens from now on. */
    public static HeapPressure watch(NanoClock clock) {
        var pressure = new HeapPressure(clock);
        pressure.collectors.forEach(collector -> collector.addNotificationListener(pressure, null, null));
        return pressure;
    }

    /** ZGC and Shenandoah tell of each pause too, in the middle of a collection. */
    private static boolean leavesOnlyWhatLives(GarbageCollectorMXBean collector) {
        return collector instanceof NotificationEmitter && !collector.getName().contains("Pauses");
    }

    @Override
    public void handleNotification(Notification notification, @Nullable Object handback) {
        if (notification.getType().equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
            collected(GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData())
                    .getGcInfo()
                    .getMemoryUsageAfterGc());
        }
    }

    private void collected(Map<String, MemoryUsage> pools) {
        long used = pools.entrySet().stream()
                .filter(pool -> heapPools.contains(pool.getKey()))
                .mapToLong(pool -> pool.getValue().getUsed())
                .sum();
        found((double) used / Runtime.getRuntime().maxMemory());
    }

    /** Takes note of what a collection left, as a part of the heap. */
    public void found(double ratio) {
        last = new Finding(ratio, clock.nanos());
    }

    /** What part of the heap was in use after the last collection, 0 to 1. */
    public double ratio() {
        return last.ratio();
    }

    /** Whether new work has to stay out. */
    public boolean full() {
        return ratioNow() > FULL;
    }

    /** Whether this server is better left alone until it has recovered. */
    public boolean critical() {
        return ratioNow() >= CRITICAL;
    }

    private double ratioNow() {
        Finding finding = last;
        return clock.nanos() - finding.at() < VALIDITY.toNanos() ? finding.ratio() : 0;
    }

    @Override
    public void close() throws ListenerNotFoundException {
        for (NotificationEmitter collector : collectors) {
            collector.removeNotificationListener(this);
        }
    }
}
