package dev.conch.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.conch.openai.ChatMessage;
import dev.conch.openai.ChatMessage.Role;
import dev.conch.openai.ChatMessage.TextPart;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelLoaderTest {
    private static final Instant NOW = Instant.ofEpochSecond(5);

    private final ModelLoader loader = new ModelLoader(Clock.fixed(NOW, ZoneOffset.UTC));

    @TempDir
    Path folder;

    @BeforeEach
    void writeTokenizer() throws IOException {
        try (InputStream tokenizer =
                Objects.requireNonNull(getClass().getResourceAsStream("/tokenizer/tokenizer.json"))) {
            Files.copy(tokenizer, folder.resolve("tokenizer.json"));
        }
    }

    @Test
    void readsWhatAHubsFolderHas() throws IOException {
        write(
                "tokenizer_config.json",
                "{\"eos_token\":\"<|im_end|>\",\"chat_template\":\"in the config: {{ eos_token }}\"}");
        write("generation_config.json", "{\"eos_token_id\":[2,0]}");
        ModelCard card = load();
        assertThat(card.name()).isEqualTo("m");
        assertThat(card.engineModel()).isEqualTo("engine");
        assertThat(card.maxModelLen()).isEqualTo(99);
        assertThat(card.loadedAt()).isEqualTo(NOW);
        assertThat(card.endTokenIds()).containsExactly(2, 0);
        assertThat(render(card)).isEqualTo("in the config: <|im_end|>");
    }

    @Test
    void aTemplateOfItsOwnWins() throws IOException {
        write(
                "tokenizer_config.json",
                "{\"eos_token\":{\"content\":\"<|im_end|>\"},\"chat_template\":\"in the config\"}");
        write("chat_template.jinja", "{{ messages[0].content }}");
        assertThat(render(load())).isEqualTo("hi");
    }

    @Test
    void takesTheTokenizersEndTokenIfThereIsNoGenerationConfig() throws IOException {
        write("tokenizer_config.json", "{\"eos_token\":{\"content\":\"<|im_end|>\"},\"chat_template\":\"x\"}");
        ModelCard card = load();
        assertThat(card.endTokenIds()).containsExactly(card.tokenizer().encode("<|im_end|>", List.of())[0]);
    }

    @Test
    void namesWhatIsMissing() throws IOException {
        assertRefused("tokenizer_config.json cannot be read");
        write("tokenizer_config.json", "{");
        assertRefused("tokenizer_config.json: ");
        write("tokenizer_config.json", "{\"eos_token\":\"<|im_end|>\"}");
        assertRefused(
                "no chat template (expected: chat_template.jinja, chat_template in tokenizer_config.json, chat-template: the path of a file, or chat-format: one of vicuna, ");
        write("chat_template.jinja", "{% if %}");
        assertRefused("line 1");
        write("chat_template.jinja", "x");
        write("tokenizer_config.json", "{}");
        assertRefused("no end token");
        write("generation_config.json", "{\"eos_token_id\":100000}");
        assertRefused("end token 100000 is not in the vocabulary");
        Files.delete(folder.resolve("tokenizer.json"));
        assertRefused("tokenizer.json cannot be read");
    }

    private void assertRefused(String reason) {
        assertThatExceptionOfType(ModelLoadException.class)
                .isThrownBy(this::load)
                .withMessageStartingWith("model m: ")
                .withMessageContaining(reason)
                .withMessageContaining(folder.toString());
    }

    private ModelCard load() {
        return loader.load(new ModelSettings("m", folder, "engine", 99, null, TemplateSettings.DEFAULT));
    }

    private static String render(ModelCard card) {
        return card.renderer()
                .render(List.of(new ChatMessage(Role.USER, List.of(new TextPart("hi")), null, null)))
                .text();
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }
}
