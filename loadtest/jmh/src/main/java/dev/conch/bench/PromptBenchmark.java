package dev.conch.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** A short chat prompt of 27 tokens, control tokens among them. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class PromptBenchmark {
    private static final String PROMPT = "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\n"
            + "Which is the longest river that flows into the Black Sea, and from where?<|eot_id|>"
            + "<|start_header_id|>assistant<|end_header_id|>\n\nThe";

    @Benchmark
    public int[] encodePrompt(Tokenizers tokenizers) {
        return tokenizers.encode(PROMPT);
    }

    @Benchmark
    public long[] encodePromptByLibrary(Tokenizers tokenizers) {
        return tokenizers.encodeByLibrary(PROMPT);
    }
}
