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

/**
 * Real templates of other people with the results that {@code transformers} gives, one JSON file for each template. They are not part of
 * this project: {@code CONCH_SHARED} names the folder that has them in {@code chat-templates/public}. Not set, there is nothing to test
 * here; set and unreadable, the test fails.
 */
class CorpusTest {

    @TestFactory
    Stream<DynamicTest> everyTemplate() throws IOException {
        String shared = System.getenv("CONCH_SHARED");
        if (shared == null) {
            return Stream.empty();
        }
        List<Path> templates = TemplateCorpus.in(Path.of(shared, "chat-templates", "public"));
        assertThat(templates).isNotEmpty();
        return templates.stream().map(file -> dynamicTest(String.valueOf(file.getFileName()), () -> check(file)));
    }

    private static void check(Path file) {
        List<Result> results = TemplateCorpus.check(file);
        assertThat(results).isNotEmpty();
        assertThat(results).filteredOn(result -> result.problem() != null).isEmpty();
    }
}
