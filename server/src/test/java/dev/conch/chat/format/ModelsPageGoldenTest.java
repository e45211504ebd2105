package dev.conch.chat.format;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.chat.format.ChatFormat.SystemMessages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The tables of {@code docs/models.md} against the catalogue. {@code make golden} writes them anew between their marks. */
class ModelsPageGoldenTest {
    private static final Path PAGE = Path.of("../docs/models.md");
    private static final Path CATALOGUE = Path.of("src/main/resources/chat-formats/catalogue.yaml");
    private static final boolean WRITE = Boolean.getBoolean("conch.golden.write");
    private static final String OWN = "own";
    private static final String END = "<!-- end -->";

    private static final Set<String> FIELDS =
            Set.of("maker", "model", "template", "format", "tools", "reasoning", "corpus");

    @Test
    void saysWhatTheCatalogueSays() throws IOException {
        String page = Files.readString(PAGE);
        String renewed = between(between(page, "models", modelTable()), "formats", formatTable());
        if (WRITE) {
            Files.writeString(PAGE, renewed);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(renewed);
    }

    @Test
    void everyModelHasATemplateOfItsOwnOrABuiltInFormat() throws IOException {
        ChatFormats formats = ChatFormats.builtIn();
        assertThat(models()).isNotEmpty().allSatisfy(model -> {
            assertThat(FIELDS).containsAll(model.keySet());
            assertThat(model).containsKeys("maker", "model");
            assertThat(model.get("template")).isIn(OWN, "none");
            String format = model.get("format");
            assertThat(
                            format == null
                                    ? OWN.equals(model.get("template"))
                                    : formats.find(format).isPresent())
                    .as(model.toString())
                    .isTrue();
        });
    }

    /** There is nothing to test unless {@code CONCH_SHARED} names the folder that has the corpus. */
    @TestFactory
    Stream<DynamicTest> everyCorpusTemplateExists() throws IOException {
        String shared = System.getenv("CONCH_SHARED");
        return shared == null
                ? Stream.empty()
                : models().stream()
                        .flatMap(model -> Stream.ofNullable(model.get("corpus")))
                        .map(name -> {
                            Path file = Path.of(shared, "chat-templates", "public", name + ".json");
                            return DynamicTest.dynamicTest(
                                    name, () -> assertThat(file).exists());
                        });
    }

    private static String between(String page, String name, String table) {
        String begin = "<!-- %s: made of the catalogue by make golden -->\n".formatted(name);
        int start = page.indexOf(begin) + begin.length();
        assertThat(page).contains(begin);
        return page.substring(0, start) + table + page.substring(page.indexOf(END, start));
    }

    private static String modelTable() throws IOException {
        return "| model | maker | template | tool calls | reasoning | goldens |\n|---|---|---|---|---|---|\n"
                + models().stream().map(ModelsPageGoldenTest::row).collect(joining());
    }

    private static String row(Map<String, String> model) {
        return "| %s | %s | %s | %s | %s | %s |\n"
                .formatted(
                        model.get("model"),
                        model.get("maker"),
                        template(model),
                        requireNonNullElse(model.get("tools"), ""),
                        requireNonNullElse(model.get("reasoning"), ""),
                        goldens(model));
    }

    private static String template(Map<String, String> model) {
        String format = model.get("format");
        if (format == null) {
            return OWN;
        }
        return (OWN.equals(model.get("template")) ? OWN + ", or " : "") + "`" + format + "`";
    }

    private static String goldens(Map<String, String> model) {
        String goldens = Stream.of(prefixed("prompts/", model.get("format")), prefixed("corpus/", model.get("corpus")))
                .flatMap(Stream::ofNullable)
                .collect(joining(", "));
        return goldens.isEmpty() ? "none yet" : goldens;
    }

    private static @Nullable String prefixed(String prefix, @Nullable String name) {
        return name == null ? null : prefix + name;
    }

    private static String formatTable() {
        return "| format | whose | system messages | tools | ends with | default system text | compared with | notes |\n"
                + "|---|---|---|---|---|---|---|---|\n"
                + ChatFormats.builtIn().all().stream()
                        .map(ModelsPageGoldenTest::row)
                        .collect(joining());
    }

    private static String row(ChatFormat format) {
        return "| %s | %s | %s | %s | %s | %s | %s | %s |\n"
                .formatted(
                        Stream.concat(Stream.of(format.name()), format.aliases().stream())
                                .map(name -> "`" + name + "`")
                                .collect(joining(", ")),
                        format.title(),
                        systemMessages(format.systemMessages()),
                        format.tools() ? "yes" : "no",
                        ends(format),
                        requireNonNullElse(format.variables().get("default_system"), ""),
                        format.source(),
                        format.notes());
    }

    private static String systemMessages(SystemMessages where) {
        return switch (where) {
            case NO -> "none";
            case FIRST -> "one, first";
            case ANYWHERE -> "anywhere";
        };
    }

    private static String ends(ChatFormat format) {
        Stream<String> eos = format.defaultTokens().containsKey("eos_token") ? Stream.of("eos") : Stream.empty();
        Stream<String> tokens = format.endTokens().stream().map(ModelsPageGoldenTest::code);
        Stream<String> texts = format.stopSequences().stream().map(text -> "the text " + code(text));
        return Stream.of(eos, tokens, texts).flatMap(part -> part).collect(joining(", "));
    }

    private static String code(String text) {
        return "`" + text.replace("|", "\\|").replace("\n", "\\n") + "`";
    }

    private static List<Map<String, String>> models() throws IOException {
        Map<String, List<Map<String, String>>> root =
                new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(CATALOGUE));
        return requireNonNull(root.get("models"));
    }
}
