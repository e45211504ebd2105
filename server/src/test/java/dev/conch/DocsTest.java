package dev.conch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages say of each other and of the code: links lead somewhere, classes and variables exist. */
class DocsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final int MAX_AGENTS_LINES = 30;

    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    /** A class by itself in code marks, or any name of several words. */
    private static final Pattern CLASS =
            Pattern.compile("`([A-Z][a-z]\\w*)(?:\\.\\w+)?`|\\b([A-Z][a-z]+(?:[A-Z][a-z0-9]+)+)\\b");

    private static final Set<String> NAMES_OF_OTHERS = Set.of("ModelStreamInfer");
    private static final Pattern DECLARATION = Pattern.compile("\\b(?:class|record|interface|enum) (\\w+)");
    private static final Pattern VARIABLE = Pattern.compile("\\b(CONCH_[A-Z_]+)\\b");
    private static final List<String> READERS_OF_VARIABLES =
            List.of("bin", ".ci", "Makefile", "server/src/main", "triton-models/bin");

    static List<Path> pages() {
        return Stream.of(files(ROOT, 1), files(ROOT.resolve("docs"), 9), files(ROOT.resolve("deploy"), 9))
                .flatMap(List::stream)
                .filter(file -> file.toString().endsWith(".md"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksLeadSomewhere(Path page) {
        assertThat(found(LINK, read(page)).filter(link -> !link.contains("://") && !leadsSomewhere(page, link)))
                .as("links to nowhere")
                .isEmpty();
    }

    private static boolean leadsSomewhere(Path page, String link) {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
        return Files.exists(target) && (parts.length == 1 || anchors(target).contains(parts[1]));
    }

    /** Headings as GitHub names them. */
    private static Set<String> anchors(Path page) {
        return read(page)
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
                .map(heading -> heading.replaceAll("[^\\w -]", "").replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    @Test
    void theWalkThroughTheHouseNamesClassesThatExist() {
        Set<String> declared = Stream.of("server/src", "loadtest")
                .flatMap(folder -> files(ROOT.resolve(folder), 99).stream())
                .filter(file -> file.toString().endsWith(".java"))
                .flatMap(file -> found(DECLARATION, read(file)))
                .collect(Collectors.toSet());
        Set<String> named =
                found(CLASS, read(ROOT.resolve("docs/architecture.md"))).collect(Collectors.toSet());
        named.removeAll(NAMES_OF_OTHERS);
        assertThat(named).contains("ChatPipeline", "Permit");
        assertThat(declared).containsAll(named);
    }

    @Test
    void everyVariableThatIsReadIsDocumented() {
        Set<String> used = READERS_OF_VARIABLES.stream()
                .flatMap(place -> files(ROOT.resolve(place), 99).stream())
                .flatMap(file -> found(VARIABLE, read(file)))
                .collect(Collectors.toSet());
        Set<String> documented =
                found(VARIABLE, read(ROOT.resolve("docs/configuration.md"))).collect(Collectors.toSet());
        assertThat(documented).isEqualTo(used);
    }

    @Test
    void codingAgentsHaveOnePageToRead() {
        assertThat(read(ROOT.resolve("AGENTS.md")).lines()).hasSizeLessThanOrEqualTo(MAX_AGENTS_LINES);
    }

    /** The first group that matched, of every match. */
    private static Stream<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(DocsTest::firstGroup);
    }

    private static String firstGroup(MatchResult match) {
        return IntStream.rangeClosed(1, match.groupCount())
                .boxed()
                .flatMap(group -> Stream.ofNullable(match.group(group)))
                .findFirst()
                .orElseThrow();
    }

    private static List<Path> files(Path folder, int depth) {
        try (Stream<Path> files = Files.walk(folder, depth)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
