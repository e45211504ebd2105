package dev.conch.output.toolcall;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of {@code docs/tool-calling.md} against the cards. */
class ToolCallingDocsTest {
    private static final Path PAGE = Path.of("../docs/tool-calling.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([\\w.-]+)` \\| [^|]+ \\| [^|]+ \\| ([^|]*?) ?\\|$");

    @Test
    void namesEachDialectAndWhatIsBrokenInIt() throws IOException {
        Map<String, String> rows = ROW.matcher(Files.readString(PAGE))
                .results()
                .collect(toMap(row -> requireNonNull(row.group(1)), row -> requireNonNull(row.group(2))));
        Map<String, String> cards =
                DialectCards.ALL.stream().collect(toMap(DialectCard::dialect, ToolCallingDocsTest::knownBroken));
        assertThat(rows).isEqualTo(cards);
    }

    private static String knownBroken(DialectCard card) {
        return Arrays.stream(Scenario.values())
                .filter(scenario -> card.examples(scenario).stream().anyMatch(DialectCard.Example::knownBroken))
                .map(scenario -> "`" + scenario.name() + "`")
                .collect(joining(", "));
    }
}
