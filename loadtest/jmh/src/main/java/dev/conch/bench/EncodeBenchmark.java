package dev.conch.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;

/**
 * A long prompt that has not been seen before: one call per iteration, each with another text. What repeats inside prose and code may be
 * remembered, what repeats because a benchmark repeats itself may not.
 *
 * <p>As in a server, the encoder has encoded other texts before, and most words of a new text were in one of them. {@code peer.py} measures the
 * library under the same condition: its cache of words, which begins with the whole vocabulary and grows to two million of them, outlives a text too.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Measurement(iterations = EncodeBenchmark.UNSEEN)
public class EncodeBenchmark {
    static final int UNSEEN = 4;

    /** The next text. */
    @State(Scope.Thread)
    public static class Text {
        private final BenchmarkTexts texts = new BenchmarkTexts();
        private int warmUps;
        private int measured;
        private String text = "";

        /** Chooses it. */
        @Setup(Level.Iteration)
        public void next(IterationParams iteration) {
            List<String> warmUp = texts.warmUp();
            text = iteration.getType() == IterationType.WARMUP
                    ? warmUp.get(warmUps++ % warmUp.size())
                    : texts.unseen().get(measured++);
        }
    }

    @Benchmark
    @Warmup(iterations = 3_000)
    public int[] encodeLong(Tokenizers tokenizers, Text text) {
        return tokenizers.encode(text.text);
    }

    @Benchmark
    @Warmup(iterations = 100)
    public long[] encodeLongByLibrary(Tokenizers tokenizers, Text text) {
        return tokenizers.encodeByLibrary(text.text);
    }
}
