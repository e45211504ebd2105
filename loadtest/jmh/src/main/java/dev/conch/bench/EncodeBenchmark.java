package dev.conch.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;

/**
 * Long prompts that have not been seen before, one behind the other; each is encoded once in the life of a JVM. What repeats inside prose and code
 * may be remembered, what repeats because a benchmark repeats itself may not.
 *
 * <p>As in a server, the encoder has encoded other texts before, and most words of a new text were in one of them. {@code peer.py} measures the
 * library under the same condition: its cache of words, which begins with the whole vocabulary and grows to two million of them, outlives a text too.
 */
@BenchmarkMode(Mode.SingleShotTime)
@Fork(5)
@Measurement(iterations = 1)
public class EncodeBenchmark {

    /** The next texts. */
    @State(Scope.Thread)
    public static class Texts {
        private final BenchmarkTexts all = new BenchmarkTexts();
        private int warmUps;
        private List<String> next = List.of();

        /** Chooses them. */
        @Setup(Level.Iteration)
        public void choose(IterationParams iteration) {
            if (next.equals(all.unseen())) {
                throw new IllegalStateException("a second iteration would encode texts that were seen before");
            }
            List<String> warmUp = all.warmUp();
            next = iteration.getType() == IterationType.WARMUP
                    ? List.of(warmUp.get(warmUps++ % warmUp.size()))
                    : all.unseen();
        }
    }

    /** What a text cost the thread. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Cpu {
        private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

        /**
         * Nanoseconds, the median of the texts, because a thread is charged with the milliseconds that a hypervisor gave to others. JMH reads it.
         */
        public long cpuNanos;

        private void measure(List<String> texts, Consumer<String> encode) {
            long[] nanos = texts.stream()
                    .mapToLong(text -> nanos(text, encode))
                    .sorted()
                    .toArray();
            cpuNanos = (nanos[nanos.length / 2] + nanos[(nanos.length - 1) / 2]) / 2;
        }

        private static long nanos(String text, Consumer<String> encode) {
            long start = THREADS.getCurrentThreadCpuTime();
            encode.accept(text);
            return THREADS.getCurrentThreadCpuTime() - start;
        }
    }

    @Benchmark
    @Warmup(iterations = 10_000)
    public void encodeLong(Tokenizers tokenizers, Texts texts, Cpu cpu, Blackhole ids) {
        cpu.measure(texts.next, text -> ids.consume(tokenizers.encode(text)));
    }

    @Benchmark
    @Warmup(iterations = 100)
    public void encodeLongByLibrary(Tokenizers tokenizers, Texts texts, Cpu cpu, Blackhole ids) {
        cpu.measure(texts.next, text -> ids.consume(tokenizers.encodeByLibrary(text)));
    }
}
