package dev.conch.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.generation.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code docs/errors.md} tells of every error, and each of its rows is held by tests that exist. */
class ErrorsPageTest {
    private static final Path PAGE = Path.of("../docs/errors.md");
    private static final Path TESTS = Path.of("src/test/java");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+Test)\\.(\\w+)`");

    static List<String> rows() throws IOException {
        return Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| what is wrong"))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void tellsOfEveryErrorAndItsStatus(ErrorCode code) throws IOException {
        assertThat(rows().stream().filter(row -> row.contains("| `" + code.wireName() + "` |")))
                .as(code.wireName())
                .isNotEmpty()
                .allMatch(row -> row.contains(" | " + ErrorMapper.status(code).getCode() + " | "));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyRowIsHeldByTestsThatExist(String row) throws IOException {
        List<MatchResult> tests = TEST.matcher(row).results().toList();
        assertThat(tests).isNotEmpty();
        for (MatchResult test : tests) {
            assertThat(source(test.group(1) + ".java")).containsPattern("(?m)^    \\S+ " + test.group(2) + "\\(");
        }
    }

    @Test
    void thereAreRowsForBothSides() throws IOException {
        assertThat(rows().stream().filter(row -> row.contains("BadInputsTest"))).hasSizeGreaterThan(10);
        assertThat(rows().stream().filter(row -> row.contains(" | 503 | "))).hasSize(4);
    }

    private static String source(String name) throws IOException {
        try (Stream<Path> files = Files.walk(TESTS)) {
            Path file = files.filter(path -> path.endsWith(name)).findFirst().orElseThrow();
            return Files.readString(file);
        }
    }
}
