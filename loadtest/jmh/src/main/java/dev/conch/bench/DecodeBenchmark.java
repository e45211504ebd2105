package dev.conch.bench;

import dev.conch.tokenizer.DecodeStream;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Decoding: ours token by token, as a stream needs it; the library all tokens at once, the best case that it has. Time per token. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecodeBenchmark {
    static final int TOKENS = 4096;

    /** Tokens of a text. */
    @State(Scope.Benchmark)
    public static class Tokens {
        private int[] ids = {};
        private long[] libraryIds = {};

        /** Encodes a text. */
        @Setup(Level.Trial)
        public void encode(Tokenizers tokenizers) {
            ids = Arrays.copyOf(tokenizers.encode(new BenchmarkTexts().unseen().getFirst()), TOKENS);
            libraryIds = Arrays.stream(ids).asLongStream().toArray();
        }
    }

    @Benchmark
    @OperationsPerInvocation(TOKENS)
    public int decode(Tokenizers tokenizers, Tokens tokens) {
        DecodeStream stream = tokenizers.ours().decodeStream(true);
        int length = 0;
        for (int id : tokens.ids) {
            length += stream.append(id).length();
        }
        return length + stream.finish().length();
    }

    @Benchmark
    @OperationsPerInvocation(TOKENS)
    public String decodeByLibrary(Tokenizers tokenizers, Tokens tokens) {
        return tokenizers.library().decode(tokens.libraryIds);
    }
}
