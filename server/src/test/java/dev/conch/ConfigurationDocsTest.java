package dev.conch;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.conch.config.ConchConfiguration;
import dev.conch.config.ConfigurationException;
import dev.conch.config.ConfigurationReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code docs/configuration.md} against the reader: the same keys, the same defaults, the same ranges. */
class ConfigurationDocsTest {
    private static final Path PAGE = Path.of("../docs/configuration.md");
    private static final String REQUIRED = "required";
    private static final List<String> SECTIONS = List.of("server", "requests", "streams", "management", "triton");
    private static final String ONE_MODEL = "name: m, folder: models/m";

    private static final Pattern ROW = Pattern.compile(
            "(?m)^\\| `(server|requests|streams|management|triton|models\\[\\])\\.([a-z-]+)` \\|[^|]*\\| `?([^|]*?)`? \\| ([^|]*?) ?\\|");
    private static final Pattern RANGE = Pattern.compile("(\\d+) to (\\d+)");
    private static final Pattern KNOWN_KEYS =
            Pattern.compile("(\\S+)\\.unheard-of: unknown key \\(expected: one of (.*)\\)");

    @TempDir
    Path folder;

    /** A row of the table of keys. */
    record Key(String section, String name, String defaultValue, String range) {
        static Key of(MatchResult row) {
            return new Key(group(row, 1), group(row, 2), group(row, 3), group(row, 4));
        }

        @Override
        public String toString() {
            return section + "." + name;
        }
    }

    private static String group(MatchResult match, int group) {
        return requireNonNull(match.group(group));
    }

    static List<Key> keys() throws IOException {
        return ROW.matcher(Files.readString(PAGE)).results().map(Key::of).toList();
    }

    static Stream<Key> keysWithARange() throws IOException {
        return keys().stream().filter(key -> RANGE.matcher(key.range()).matches());
    }

    @Test
    void documentsTheKeysThatThereAre() throws IOException {
        String unheardOf = SECTIONS.stream()
                        .map(section -> section + ": { unheard-of: 1 }\n")
                        .collect(joining())
                + "models: [{ %s, unheard-of: 1 }]".formatted(ONE_MODEL);
        var refusal = catchThrowableOfType(ConfigurationException.class, () -> read(unheardOf));
        List<String> known = KNOWN_KEYS
                .matcher(String.valueOf(refusal.getMessage()))
                .results()
                .flatMap(fault ->
                        Stream.of(group(fault, 2).split(", ")).map(key -> section(group(fault, 1)) + "." + key))
                .toList();
        assertThat(keys()).extracting(Key::toString).containsExactlyInAnyOrderElementsOf(known);
    }

    private static String section(String path) {
        return path.replaceFirst("\\[0]", "[]");
    }

    @Test
    void documentsTheDefaults() throws IOException {
        Predicate<Key> hasDefault = key -> !key.defaultValue().equals(REQUIRED);
        var spelledOut = new StringBuilder();
        for (String section : SECTIONS) {
            spelledOut.append("%s: { %s }\n".formatted(section, defaults(section, hasDefault)));
        }
        spelledOut.append("models: [{ %s, %s }]".formatted(ONE_MODEL, defaults("models[]", hasDefault)));
        assertThat(read(spelledOut.toString())).isEqualTo(read("models: [{ %s }]".formatted(ONE_MODEL)));
    }

    private static String defaults(String section, Predicate<Key> which) throws IOException {
        return keys().stream()
                .filter(key -> key.section().equals(section))
                .filter(which)
                .map(key -> key.name() + ": " + key.defaultValue())
                .collect(joining(", "));
    }

    @ParameterizedTest
    @MethodSource("keysWithARange")
    void documentsTheRange(Key key) throws IOException {
        MatchResult range = RANGE.matcher(key.range()).results().findFirst().orElseThrow();
        long min = Long.parseLong(group(range, 1));
        long max = Long.parseLong(group(range, 2));
        assertThat(read(with(key, min))).isNotEqualTo(read(with(key, max)));
        assertRefused(key, min - 1);
        assertRefused(key, max + 1);
    }

    private void assertRefused(Key key, long value) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> read(with(key, value)))
                .withMessageContaining(key.name() + ": " + value);
    }

    private static String with(Key key, long value) {
        String setting = key.name() + ": " + value;
        return key.section().equals("models[]")
                ? "models: [{ %s, %s }]".formatted(ONE_MODEL, setting)
                : "%s: { %s }\nmodels: [{ %s }]".formatted(key.section(), setting, ONE_MODEL);
    }

    private ConchConfiguration read(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("conch.yaml"), yaml);
        return ConfigurationReader.read(file, Map.of());
    }
}
