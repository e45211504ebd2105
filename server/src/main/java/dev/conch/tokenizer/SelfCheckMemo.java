package dev.conch.tokenizer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers verdicts from one start to the next, one a line: {@code <SHA-256 of the file> <version of the encoder> <version of the check> <version of Java>: agrees}. Where nothing
 * can be written the check is simply made again at each start; the log says so.
 */
final class SelfCheckMemo {
    private static final Logger LOG = LoggerFactory.getLogger(SelfCheckMemo.class);
    private static final String FILE = "tokenizer-checks.txt";
    private static final String SEPARATOR = ": ";

    private final Path folder;
    private final Path file;

    SelfCheckMemo(Path folder) {
        this.folder = folder;
        file = folder.resolve(FILE);
    }

    /** Where programs of this user keep what they could find out again: {@code $XDG_CACHE_HOME/conch}, or {@code ~/.cache/conch}. */
    static SelfCheckMemo ofUser(Map<String, String> environment) {
        String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
        String home = Objects.requireNonNullElse(System.getProperty("user.home"), "");
        return new SelfCheckMemo((cache.isEmpty() ? Path.of(home, ".cache") : Path.of(cache)).resolve("conch"));
    }

    /** What was found under this key the last time; null if nothing is remembered. */
    @Nullable Verdict recall(String key) {
        Verdict last = null;
        for (String line : lines()) {
            if (line.startsWith(key + SEPARATOR)) {
                last = Verdict.parse(line.substring(key.length() + SEPARATOR.length()));
            }
        }
        return last;
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            LOG.warn("{}: cannot be read, so tokenizers are checked again: {}", file, e.toString());
            return List.of();
        }
    }

    void remember(String key, Verdict verdict) {
        try {
            Files.createDirectories(folder);
            Files.writeString(
                    file, key + SEPARATOR + verdict + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            LOG.warn("{}: cannot be written, so tokenizers are checked at each start: {}", file, e.toString());
        }
    }
}
