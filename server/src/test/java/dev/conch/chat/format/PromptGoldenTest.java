package dev.conch.chat.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.conch.chat.RenderedPrompt;
import dev.conch.chat.TemplatePromptRenderer;
import dev.conch.generation.GenerationException;
import dev.conch.openai.Conversation;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The prompts of the built-in chat formats, byte for byte: every conversation of {@code golden/prompts/cases.json} in every format is as
 * {@code golden/prompts/<format>.json} says, with the parts that the client wrote, or refused in these words. {@code make golden} writes
 * the prompts anew; what they are worth was found out by comparing them with the sources that the catalogue names.
 */
class PromptGoldenTest {
    private static final Path FOLDER = Path.of("src/test/resources/golden/prompts");
    private static final boolean WRITE = Boolean.getBoolean("conch.golden.write");
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC);

    static List<ChatFormat> formats() {
        return ChatFormats.builtIn().all();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void rendersAsWritten(ChatFormat format) throws IOException {
        var prompts = new JsonObject();
        ConversationCases.all().forEach((name, conversation) -> prompts.add(name, render(format, conversation)));
        Path file = FOLDER.resolve(format.name() + ".json");
        if (WRITE) {
            Files.writeString(file, GSON.toJson(prompts) + "\n");
        }
        assertThat(GSON.toJson(prompts) + "\n").isEqualTo(Files.readString(file));
    }

    /** As a model is served whose tokenizer has all tokens of the format, and whose files name none. */
    private static JsonObject render(ChatFormat format, Conversation conversation) {
        Map<String, Object> variables = new HashMap<>(format.variables());
        variables.putAll(format.defaultTokens());
        var result = new JsonObject();
        try {
            RenderedPrompt prompt =
                    new TemplatePromptRenderer(format.template(), variables, CLOCK).render(conversation);
            result.addProperty("prompt", prompt.text());
            result.add("client", clientParts(prompt));
        } catch (GenerationException e) {
            result.addProperty("refused", e.getMessage());
        }
        return result;
    }

    private static JsonArray clientParts(RenderedPrompt prompt) {
        var parts = new JsonArray();
        prompt.clientSpans().forEach(span -> parts.add(prompt.text().substring(span.start(), span.end())));
        return parts;
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
