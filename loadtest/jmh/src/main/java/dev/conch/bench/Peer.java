package dev.conch.bench;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Measures the fastest encoder that was found, a Rust library with a Python interface, with the same texts on the same machine. */
final class Peer {
    private static final String PYTHON = "conch.bench.python";

    private Peer() {}

    /** What to print about encoding the long texts. */
    static String line() throws IOException, InterruptedException {
        String python = System.getProperty(PYTHON);
        return python == null || python.isEmpty()
                ? "fastokens is not measured: " + PYTHON + " is not set (expected: a Python that has it)"
                : String.format(
                        Locale.ROOT,
                        "fastokens 0.3.5, the same long texts in the same run: %.3f ms",
                        Double.parseDouble(microseconds(python)) / 1e3);
    }

    private static String microseconds(String python) throws IOException, InterruptedException {
        BenchmarkTexts texts = new BenchmarkTexts();
        Path file = Files.createTempFile("conch-bench", ".json");
        try {
            Files.writeString(file, new Gson().toJson(Map.of("warmUp", texts.warmUp(), "unseen", texts.unseen())));
            return run(List.of(
                    python, "loadtest/jmh/peer.py", BenchmarkTexts.llama31().toString(), file.toString()));
        } finally {
            Files.delete(file);
        }
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException("peer.py ended with " + process.exitValue());
        }
        return printed;
    }
}
