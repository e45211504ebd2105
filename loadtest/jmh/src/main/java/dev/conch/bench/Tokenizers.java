package dev.conch.bench;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.conch.tokenizer.Tokenizer;
import dev.conch.tokenizer.TokenizerLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The same tokenizer twice: as the server loads it, and the library by itself. */
@State(Scope.Benchmark)
public class Tokenizers {
    private final Tokenizer ours;
    private final HuggingFaceTokenizer library;

    /** Loads both. */
    public Tokenizers() {
        try {
            ours = TokenizerLoader.standard().load(BenchmarkTexts.llama31());
            library = HuggingFaceTokenizer.newInstance(
                    BenchmarkTexts.llama31(),
                    Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes sure that what is compared is the same work. */
    @Setup(Level.Trial)
    public void requireAgreement() {
        if (!new BenchmarkTexts().warmUp().stream().allMatch(this::agree)) {
            throw new IllegalStateException("the encoders differ, so their speed cannot be compared");
        }
    }

    private boolean agree(String text) {
        int[] expected =
                Arrays.stream(encodeByLibrary(text)).mapToInt(Math::toIntExact).toArray();
        return Arrays.equals(encode(text), expected);
    }

    /** Gives the library's memory back. */
    @TearDown(Level.Trial)
    public void close() {
        library.close();
    }

    Tokenizer ours() {
        return ours;
    }

    HuggingFaceTokenizer library() {
        return library;
    }

    int[] encode(String text) {
        return ours.encode(text, List.of());
    }

    long[] encodeByLibrary(String text) {
        return library.encode(text, false, false).getIds();
    }
}
