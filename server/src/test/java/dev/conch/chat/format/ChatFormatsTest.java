package dev.conch.chat.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.conch.chat.format.ChatFormat.SystemMessages;
import dev.conch.chat.jinja.ClientText;
import dev.conch.chat.jinja.JinjaTemplate;
import dev.conch.chat.jinja.RenderLimits;
import dev.conch.chat.jinja.TemplateRefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the catalogue says of its formats, against what their templates do. */
class ChatFormatsTest {
    private static final Path FOLDER = Path.of("src/main/resources/chat-formats");
    private static final ChatFormats FORMATS = ChatFormats.builtIn();

    private static final Map<String, Object> USER = message("user");
    private static final Map<String, Object> ASSISTANT = message("assistant");
    private static final Map<String, Object> SYSTEM = message("system");
    private static final List<Object> TOOLS =
            List.of(Map.of("type", "function", "function", Map.of("name", "clock", "parameters", Map.of())));

    static List<ChatFormat> formats() {
        return FORMATS.all();
    }

    @Test
    void knowsAFormatByAllOfItsNames() {
        assertThat(FORMATS.find("vicuna")).isPresent().isEqualTo(FORMATS.find("vicuna_v1.1"));
        assertThat(FORMATS.find("mistral")).map(ChatFormat::name).contains("mistral-v1");
        assertThat(FORMATS.find("vicunna")).isEmpty();
        assertThat(FORMATS.choices()).startsWith("vicuna, alpaca, ").doesNotContain("vicuna_v1.1");
    }

    @Test
    void everyTemplateHasAFormat() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            List<String> templates = files.map(ChatFormatsTest::read).toList();
            assertThat(formats()).extracting(ChatFormat::template).isSubsetOf(templates);
            assertThat(templates.stream()
                            .filter(text -> formats().stream()
                                    .noneMatch(format -> format.template().equals(text))))
                    .as("files that are no template of a format: the catalogue alone")
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void takesSystemMessagesWhereTheCatalogueSaysSo(ChatFormat format) {
        assertTaken(format, format.systemMessages() != SystemMessages.NO, null, List.of(SYSTEM, USER));
        assertTaken(
                format,
                format.systemMessages() == SystemMessages.ANYWHERE,
                null,
                List.of(USER, ASSISTANT, SYSTEM, USER));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void takesToolsOrRefusesThem(ChatFormat format) {
        assertTaken(format, format.tools(), TOOLS, List.of(USER));
        assertTaken(format, format.tools(), null, List.of(USER, call(), result(), ASSISTANT, USER));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void writesTheTokensThatTheCatalogueNames(ChatFormat format) {
        String prompt = render(format, null, false, List.of(USER, ASSISTANT));
        assertThat(format.defaultTokens()).allSatisfy((name, text) -> {
            assertThat(format.template()).contains(name);
            assertThat(prompt).contains(text);
        });
    }

    @ParameterizedTest
    @MethodSource("formats")
    void saysHowATurnEnds(ChatFormat format) {
        boolean ends = !format.endTokens().isEmpty()
                || !format.stopSequences().isEmpty()
                || format.defaultTokens().containsKey("eos_token");
        assertThat(ends || format.name().equals("plain")).isTrue();
    }

    @Test
    void refusesAnEntryThatIsNotWhole() {
        Map<String, Object> entry = new HashMap<>(Map.of("name", "x", "title", "t", "system", "no", "source", "s"));
        assertThatNoException().isThrownBy(() -> CatalogueEntry.of(entry).chatFormat(""));
        assertThatIllegalStateException()
                .isThrownBy(() -> CatalogueEntry.of(entry).text("template"))
                .withMessage("catalogue: x: template: missing");
        entry.put("endtokens", List.of());
        assertThatIllegalStateException()
                .isThrownBy(() -> CatalogueEntry.of(entry).chatFormat(""))
                .withMessage("catalogue: x: endtokens: unknown field");
        assertThatIllegalStateException().isThrownBy(() -> CatalogueEntry.of("x"));
    }

    private static void assertTaken(
            ChatFormat format, boolean taken, @Nullable Object tools, List<Map<String, Object>> messages) {
        if (taken) {
            assertThat(render(format, tools, true, messages)).isNotEmpty();
        } else {
            assertThatExceptionOfType(TemplateRefusedException.class)
                    .isThrownBy(() -> render(format, tools, true, messages));
        }
    }

    private static String render(
            ChatFormat format, @Nullable Object tools, boolean generation, List<Map<String, Object>> messages) {
        Map<String, @Nullable Object> variables = new HashMap<>(format.variables());
        variables.putAll(format.defaultTokens());
        variables.put("messages", messages);
        variables.put("tools", tools);
        variables.put("documents", null);
        variables.put("add_generation_prompt", generation);
        return JinjaTemplate.compile(format.template())
                .render(variables, RenderLimits.DEFAULT, Clock.systemUTC())
                .text();
    }

    private static Map<String, Object> message(String role) {
        return Map.of("role", role, "content", new ClientText("text"));
    }

    private static Map<String, Object> call() {
        var function = Map.of("name", "clock", "arguments", Map.of());
        return Map.of(
                "role",
                "assistant",
                "content",
                "",
                "tool_calls",
                List.of(Map.of("id", "abc123456", "type", "function", "function", function)));
    }

    private static Map<String, Object> result() {
        return Map.of("role", "tool", "content", new ClientText("12:00"), "tool_call_id", "abc123456");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
