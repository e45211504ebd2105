package dev.conch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

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
        return templates.stream()
                .map(file -> dynamicTest(String.valueOf(file.getFileName()), () -> CorpusTest.check(file)));
    }
}
