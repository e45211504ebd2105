package dev.conch.chat.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import dev.conch.chat.jinja.JinjaTemplate;
import dev.conch.chat.jinja.RenderLimits;
import dev.conch.chat.jinja.TemplateRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The prompts with tools and documents of those built-in formats that have a place for them, byte for byte: conversations of
 * {@code golden/tool-prompts/cases.json}, written as templates get them. {@code make golden} writes the prompts anew.
 */
class ToolPromptGoldenTest {
    private static final Path FOLDER = Path.of("src/test/resources/golden/tool-prompts");
    private static final boolean WRITE = Boolean.getBoolean("conch.golden.write");
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC);

    static List<ChatFormat> formats() {
        return ChatFormats.builtIn().all().stream().filter(ChatFormat::tools).toList();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void rendersAsWritten(ChatFormat format) throws IOException {
        var prompts = new JsonObject();
        cases().forEach((name, testCase) -> prompts.add(name, render(format, testCase)));
        Path file = FOLDER.resolve(format.name() + ".json");
        if (WRITE) {
            Files.writeString(file, GSON.toJson(prompts) + "\n");
        }
        assertThat(GSON.toJson(prompts) + "\n").isEqualTo(Files.readString(file));
    }

    private static JsonObject render(ChatFormat format, Map<String, Object> testCase) {
        Map<String, @Nullable Object> variables = new HashMap<>(format.variables());
        variables.putAll(format.defaultTokens());
        variables.put("add_generation_prompt", true);
        variables.put("tools", null);
        variables.put("documents", null);
        variables.putAll(testCase);
        var result = new JsonObject();
        JinjaTemplate template = JinjaTemplate.compile(format.template());
        if (testCase.containsKey("documents") && !template.mentions("documents")) {
            result.addProperty("refused", "documents");
            return result;
        }
        try {
            result.addProperty(
                    "prompt",
                    template.render(variables, RenderLimits.DEFAULT, CLOCK).text());
        } catch (TemplateRefusedException e) {
            result.addProperty("refused", e.getMessage());
        }
        return result;
    }

    /** JSON is YAML too, and as such it is read into the plain values that templates take. */
    private static Map<String, Map<String, Object>> cases() throws IOException {
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(FOLDER.resolve("cases.json")));
    }

    @Test
    void hasNoGoldenFileWithoutAFormat() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(file -> String.valueOf(file.getFileName())))
                    .isSubsetOf(Stream.concat(
                                    Stream.of("cases.json"), formats().stream().map(format -> format.name() + ".json"))
                            .toList());
        }
    }
}
