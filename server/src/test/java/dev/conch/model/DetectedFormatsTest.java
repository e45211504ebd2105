package dev.conch.model;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.chat.format.ChatFormats;
import dev.conch.generation.ReasoningField;
import dev.conch.output.reasoning.ReasoningFormat;
import dev.conch.output.reasoning.ReasoningFormats;
import dev.conch.output.toolcall.registry.ToolFormats;
import io.micronaut.core.type.Argument;
import io.micronaut.json.JsonMapper;
import io.micronaut.json.tree.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class DetectedFormatsTest {
    private static final Path CATALOGUE = Path.of("src/main/resources/chat-formats/catalogue.yaml");
    private static final Path LIST = Path.of("src/test/resources/formats/detected.csv");

    static List<FormatRule> toolRules() {
        return FormatRule.TOOLS;
    }

    static List<FormatRule> reasoningRules() {
        return FormatRule.REASONING;
    }

    /** A rule that comes before would hide it otherwise. */
    @ParameterizedTest
    @MethodSource("toolRules")
    void knowsToolCallsByTheirMarks(FormatRule rule) {
        assertThat(detected(String.join(" ", rule.marks())).tools()).isEqualTo(rule.format());
    }

    @ParameterizedTest
    @MethodSource("reasoningRules")
    void knowsReasoningByItsMarks(FormatRule rule) {
        assertThat(detected(String.join(" ", rule.marks())).reasoning()).isEqualTo(rule.format());
    }

    @Test
    void namesFormatsOfReasoningThatThereAre() {
        assertThat(names(FormatRule.REASONING))
                .filteredOn(name ->
                        !ToolFormats.names().contains(name) || !(ToolFormats.byName(name) instanceof ReasoningFormat))
                .isSubsetOf(ReasoningFormats.builtIn().names());
    }

    @Test
    void knowsNothingOfAPlainTemplate() {
        assertThat(detected("{{ messages[0].content }} I think, {# <think> <tool_call> #} therefore {{ tools }}"))
                .isEqualTo(new DetectedFormats(null, null));
    }

    @Test
    void looksAtAllTemplatesOfAModel() {
        assertThat(DetectedFormats.of(List.of("<|im_start|>", "<tool_call>"), Map.of())
                        .tools())
                .isEqualTo("hermes");
    }

    @Test
    void letsTheOperatorSayWhatATemplateDoesNot() {
        var detected = new DetectedFormats("hermes", "qwen3");
        assertThat(FormatSettings.DEFAULT.choose(detected)).isEqualTo(detected);
        assertThat(new FormatSettings("none", "glm45", ReasoningField.BOTH).choose(detected))
                .isEqualTo(new DetectedFormats(null, "glm45"));
        assertThat(new FormatSettings("xlam", "none", ReasoningField.BOTH).choose(detected))
                .isEqualTo(new DetectedFormats("xlam", null));
    }

    @ParameterizedTest
    @CsvSource({
        "mistral-v3, mistral_v3",
        "mistral-v3-tekken, mistral",
        "mistral-v7, mistral_v3",
        "mistral-v7-tekken, mistral",
        "jamba, jamba",
        "vicuna,",
        "chatml,",
        "command-r,"
    })
    void knowsTheBuiltInFormats(String name, @Nullable String tools) {
        var format = ChatFormats.builtIn().find(name).orElseThrow();
        assertThat(DetectedFormats.of(List.of(format.template()), format.variables()))
                .isEqualTo(new DetectedFormats(tools, null));
    }

    /** There is nothing to test unless {@code CONCH_SHARED} names the folder that has the corpus. */
    @TestFactory
    Stream<DynamicTest> knowsTheTemplatesOfTheCorpus() throws IOException {
        String shared = System.getenv("CONCH_SHARED");
        if (shared == null) {
            return Stream.empty();
        }
        Map<String, String> expected = Files.readAllLines(LIST).stream()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.toMap(line -> line.substring(0, line.indexOf(',')), Function.identity()));
        return templates(Path.of(shared, "chat-templates", "public")).entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.naturalOrder()))
                .map(template -> DynamicTest.dynamicTest(
                        template.getKey(),
                        () -> assertThat(line(template.getKey(), detected(template.getValue())))
                                .isEqualTo(expected.getOrDefault(template.getKey(), template.getKey() + ",,"))));
    }

    @Test
    void theCatalogueNamesFormatsThatThereAre() throws IOException {
        assertThat(named("tools")).isSubsetOf(withErnie(names(FormatRule.TOOLS)));
        assertThat(named("reasoning")).isSubsetOf(names(FormatRule.REASONING));
    }

    private static List<String> named(String field) throws IOException {
        return catalogue().stream()
                .flatMap(model -> Stream.ofNullable(model.get(field)))
                .toList();
    }

    private static List<String> names(List<FormatRule> rules) {
        return rules.stream().flatMap(rule -> Stream.ofNullable(rule.format())).toList();
    }

    /** Whose calls look like others', so that no rule tells them. */
    private static List<String> withErnie(List<String> names) {
        return Stream.concat(names.stream(), Stream.of("ernie45")).toList();
    }

    /** But where the template says less than is known of the model. */
    @Test
    void theCatalogueNamesWhatTheTemplatesTell() throws IOException {
        Map<String, String> told = Files.readAllLines(LIST).stream()
                .collect(Collectors.toMap(line -> line.split(",", -1)[0], Function.identity()));
        var silent = Set.of("minimax-m1", "mistral-v7", "mistral-v7-tekken");
        assertThat(catalogue())
                .filteredOn(model -> model.get("corpus") != null && !silent.contains(model.get("corpus")))
                .isNotEmpty()
                .allSatisfy(model -> assertThat(String.join(
                                ",",
                                model.get("corpus"),
                                requireNonNullElse(model.get("tools"), ""),
                                requireNonNullElse(model.get("reasoning"), "")))
                        .isEqualTo(told.getOrDefault(model.get("corpus"), model.get("corpus") + ",,")));
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, String>> catalogue() throws IOException {
        Map<String, ?> root = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(CATALOGUE));
        return (List<Map<String, String>>) requireNonNull(root.get("models"));
    }

    private static String line(String name, DetectedFormats formats) {
        return String.join(
                ",", name, requireNonNullElse(formats.tools(), ""), requireNonNullElse(formats.reasoning(), ""));
    }

    private static Map<String, String> templates(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .filter(file -> !file.endsWith("INDEX.json"))
                    .map(DetectedFormatsTest::json)
                    .collect(Collectors.toMap(node -> text(node, "name"), node -> text(node, "template")));
        }
    }

    private static JsonNode json(Path file) {
        try {
            return requireNonNull(
                    JsonMapper.createDefault().readValue(Files.readAllBytes(file), Argument.of(JsonNode.class)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(JsonNode node, String field) {
        return requireNonNull(node.get(field)).getStringValue();
    }

    private static DetectedFormats detected(String template) {
        return DetectedFormats.of(List.of(template), Map.of());
    }
}
