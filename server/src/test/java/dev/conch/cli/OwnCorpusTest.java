package dev.conch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.conch.cli.TemplateCorpus.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Templates of this project's own with the results that {@code transformers} gives, in the format of the shared corpus. */
class OwnCorpusTest {
    private static final Path FOLDER = Path.of("src/test/resources/corpus");

    @TestFactory
    Stream<DynamicTest> everyTemplate() throws IOException {
        List<Path> templates = TemplateCorpus.in(FOLDER);
        assertThat(templates).isNotEmpty();
        return templates.stream().map(file -> dynamicTest(String.valueOf(file.getFileName()), () -> check(file)));
    }

    private static void check(Path file) {
        List<Result> results = TemplateCorpus.check(file);
        assertThat(results).isNotEmpty();
        assertThat(results).filteredOn(result -> result.problem() != null).isEmpty();
    }
}
