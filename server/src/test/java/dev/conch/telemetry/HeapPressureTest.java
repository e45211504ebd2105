package dev.conch.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.management.ListenerNotFoundException;
import org.junit.jupiter.api.Test;

class HeapPressureTest {
    private long now;

    @Test
    void aboveNineTenthsTheHeapIsFull() throws ListenerNotFoundException {
        try (var heap = HeapPressure.watch(() -> now)) {
            heap.found(0.9);
            assertThat(heap.full()).isFalse();
            heap.found(0.91);
            assertThat(heap.full()).isTrue();
            assertThat(heap.ratio()).isEqualTo(0.91);
            heap.found(0.5);
            assertThat(heap.full()).isFalse();
        }
    }

    @Test
    void fromNineteenTwentiethsOnItIsCritical() throws ListenerNotFoundException {
        try (var heap = HeapPressure.watch(() -> now)) {
            heap.found(0.949);
            assertThat(heap.critical()).isFalse();
            heap.found(0.95);
            assertThat(heap.critical()).isTrue();
        }
    }

    @Test
    void anOldFindingIsNone() throws ListenerNotFoundException {
        try (var heap = HeapPressure.watch(() -> now)) {
            heap.found(0.99);
            now += Duration.ofSeconds(10).toNanos();
            assertThat(heap.full()).isFalse();
            assertThat(heap.critical()).isFalse();
        }
    }

    @Test
    void theCollectorsTell() throws Exception {
        var told = new CountDownLatch(1);
        try (var heap = HeapPressure.watch(() -> {
            told.countDown();
            return now;
        })) {
            System.gc();
            assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(heap.full()).isFalse();
        }
    }
}
