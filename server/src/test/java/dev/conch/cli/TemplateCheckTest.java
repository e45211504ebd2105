package dev.conch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateCheckTest {
    private static final String TEMPLATE = """
            {"name":"%s","family":"f","template":"%s","bos_token":"<s>","eos_token":null,"now":"2026-03-07 12:00:00","cases":[%s]}
            """;

    @TempDir
    Path folder;

    /** What a run prints and exits with. */
    record Run(List<String> lines, int status) {}

    @Test
    void countsWhatPassesAndListsWhatFails() throws IOException {
        write("INDEX.json", "not a template");
        write("README.md", "not a template either");
        write(
                "b.json",
                TEMPLATE.formatted(
                        "b",
                        "{{ bos_token }}{{ messages[0].content }}{{ eos_token is defined }}{{ x }}{{ strftime_now('%Y') }}",
                        testCase("right", "hi", "\"expected\":\"<s>hiFalse72026\"") + ","
                                + testCase("wrong", "hi", "\"expected\":\"<s>hoFalse72026\"")));
        write(
                "a.json",
                TEMPLATE.formatted(
                        "a",
                        "{{ raise_exception('No ' ~ messages[0].content) }}",
                        testCase("refused", "x", error("raise_exception", "No x")) + ","
                                + testCase("refused-otherwise", "x", error("raise_exception", "No y")) + ","
                                + testCase("refused-anyhow", "x", error("undefined", "is undefined")) + ","
                                + testCase("should-render", "x", "\"expected\":\"x\"")));
        assertThat(run(folder.toString()))
                .isEqualTo(new Run(
                        List.of(
                                "a/refused-otherwise: should have refused with: No y, but failed: No x",
                                "a/should-render: failed: No x",
                                "b/wrong: differs at 4: expected \"<s>hoFalse72026\" but was \"<s>hiFalse72026\"",
                                "3 passed, 3 failed"),
                        1));
    }

    @Test
    void continuesFinalMessages() throws IOException {
        String continued =
                testCase("c", "Once ", "\"expected\":\"[Once \"").replace("}]", "}],\"continue_final_message\":true");
        write("c.json", TEMPLATE.formatted("c", "[{{ messages[-1].content }}]", continued));
        assertThat(run(folder.toString())).isEqualTo(new Run(List.of("1 passed, 0 failed"), 0));
    }

    @Test
    void aTemplateThatDoesNotCompileFailsItsCases() throws IOException {
        write(
                "d.json",
                TEMPLATE.formatted(
                        "d",
                        "{% if %}",
                        testCase("x", "hi", "\"expected\":\"\"") + "," + testCase("y", "hi", error("syntax", "?"))));
        Run run = run(folder.toString());
        assertThat(run.lines().getFirst()).startsWith("d/x: failed: line 1: ");
        assertThat(run.lines().getLast()).isEqualTo("1 passed, 1 failed");
    }

    /** The name and the number of cases are the template's, whatever the file is called and whatever is wrong with a case. */
    @Test
    void aCaseThatCannotBeCheckedIsOneFailure() throws IOException {
        write("file.json", """
                {"name":"e","template":"{{ messages[0].content }}","cases":[
                  {"id":"good","messages":[{"role":"user","content":"x"}],"add_generation_prompt":false,"expected":"x"},
                  {"id":"nothing-expected","messages":[{"role":"user","content":"x"}],"kwargs":{}}, 7]}
                """);
        assertThat(run(folder.toString()))
                .isEqualTo(new Run(
                        List.of(
                                "e/nothing-expected: cannot be checked: expected is missing or of another type (expected: a string)",
                                "e/2: cannot be checked: case is missing or of another type (expected: an object)",
                                "1 passed, 2 failed"),
                        1));
    }

    @Test
    void aFileThatCannotBeReadIsAFailure() throws IOException {
        write("broken.json", "{");
        write("empty.json", "{\"now\":\"2026-03-07 12:00:00\"}");
        Run run = run(folder.toString());
        assertThat(run.lines().getFirst()).startsWith("broken: cannot be read: not JSON");
        assertThat(run.lines().get(1))
                .isEqualTo("empty: cannot be read: template is missing or of another type (expected: a string)");
        assertThat(run.lines().getLast()).isEqualTo("0 passed, 2 failed");
        assertThat(run.status()).isEqualTo(1);
    }

    @Test
    void saysWhatItExpects() {
        assertThat(run(folder.toString()).status()).isEqualTo(1);
        Run nowhere = run(folder.resolve("nowhere").toString());
        assertThat(nowhere.status()).isEqualTo(1);
        assertThat(nowhere.lines()).singleElement().asString().contains("nowhere: cannot be read");
        assertThat(run("")).isEqualTo(run()).extracting(Run::status).isEqualTo(2);
    }

    private static String testCase(String id, String content, String outcome) {
        return """
                {"id":"%s","tier":"core","messages":[{"role":"user","content":"%s"}],"kwargs":{"x":7},
                 "add_generation_prompt":false,%s}""".formatted(id, content, outcome);
    }

    private static String error(String kind, String message) {
        return "\"error\":{\"kind\":\"%s\",\"type\":\"T\",\"message\":\"%s\"}".formatted(kind, message);
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }

    private static Run run(String... arguments) {
        var bytes = new ByteArrayOutputStream();
        int status;
        try (var out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            status = TemplateCheck.run(List.of(arguments), out);
        }
        return new Run(bytes.toString(StandardCharsets.UTF_8).lines().toList(), status);
    }
}
