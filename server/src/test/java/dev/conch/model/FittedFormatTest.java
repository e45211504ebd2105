package dev.conch.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.conch.chat.TemplatePolicy;
import dev.conch.openai.ChatMessage;
import dev.conch.openai.ChatMessage.Role;
import dev.conch.openai.ChatMessage.TextPart;
import dev.conch.openai.Conversation;
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

/** Built-in chat formats on a model whose tokenizer knows ChatML's tokens, and neither {@code <s>} nor {@code </s>}. */
class FittedFormatTest {
    private final ModelLoader loader = new ModelLoader(Clock.fixed(Instant.ofEpochSecond(5), ZoneOffset.UTC));

    @TempDir
    Path folder;

    @BeforeEach
    void writeTokenizer() throws IOException {
        try (InputStream tokenizer =
                Objects.requireNonNull(getClass().getResourceAsStream("/tokenizer/tokenizer.json"))) {
            Files.copy(tokenizer, folder.resolve("tokenizer.json"));
        }
        writeConfig("{}");
    }

    @Test
    void bringsTheEndTokenThatTheFolderDoesNotName() {
        ModelCard card = load("chatml");
        assertThat(render(card)).isEqualTo("<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n");
        assertThat(card.endTokenIds()).containsExactly(id(card, "<|im_end|>"));
        assertThat(card.stopSequences()).isEmpty();
    }

    @Test
    void keepsTheEndTokensOfTheFolderInFront() throws IOException {
        Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": 5}");
        ModelCard card = load("chatml");
        assertThat(card.endTokenIds()).containsExactly(5, id(card, "<|im_end|>"));
    }

    @Test
    void winsOverATemplateInTheFolder() throws IOException {
        Files.writeString(folder.resolve("chat_template.jinja"), "its own");
        assertThat(render(load("chatml"))).startsWith("<|im_start|>user");
    }

    @Test
    void takesTheFoldersTokensBeforeItsOwn() throws IOException {
        writeConfig("{\"bos_token\": \"<|im_start|>\", \"eos_token\": \"<|im_end|>\"}");
        ModelCard card = load("llama-2");
        assertThat(render(card)).isEqualTo("<|im_start|>[INST] hi [/INST]");
        assertThat(card.endTokenIds()).containsExactly(id(card, "<|im_end|>"));
        assertThat(card.stopSequences()).isEmpty();
    }

    @Test
    void leavesABeginningOutThatTheTokenizerDoesNotHave() throws IOException {
        writeConfig("{\"eos_token\": \"<|im_end|>\"}");
        assertThat(render(load("llama-2"))).isEqualTo("[INST] hi [/INST]");
    }

    @Test
    void cannotDoWithoutAnEnd() {
        assertRefused(
                "llama-2",
                "chat-format: llama-2: no eos_token (expected: eos_token in tokenizer_config.json, or a tokenizer with the token </s>)");
    }

    @Test
    void looksForTheMainEndTokenInTheTextIfItIsNone() throws IOException {
        writeConfig("{\"eos_token\": \"<|im_end|>\"}");
        ModelCard card = load("llama-3");
        assertThat(card.endTokenIds()).containsExactly(id(card, "<|im_end|>"));
        assertThat(card.stopSequences()).containsExactly("<|eot_id|>");
    }

    @Test
    void bringsStopSequences() throws IOException {
        writeConfig("{\"eos_token\": \"<|im_end|>\"}");
        assertThat(load("alpaca").stopSequences()).containsExactly("### Instruction:");
    }

    @Test
    void namesTheChoices() {
        assertRefused("vicunna", "chat-format: vicunna (expected: one of vicuna, alpaca, ");
    }

    private void assertRefused(String format, String reason) {
        assertThatExceptionOfType(ModelLoadException.class)
                .isThrownBy(() -> load(format))
                .withMessageStartingWith("model m: " + reason)
                .withMessageContaining(folder.toString());
    }

    private ModelCard load(String format) {
        return loader.load(new ModelSettings(
                "m", folder, "engine", 99, format, null, TemplatePolicy.DEFAULT, FormatSettings.DEFAULT));
    }

    private static int id(ModelCard card, String token) {
        return card.tokenizer().encode(token, List.of())[0];
    }

    private static String render(ModelCard card) {
        return card.renderer()
                .render(Conversation.of(List.of(new ChatMessage(Role.USER, List.of(new TextPart("hi")), null, null))))
                .text();
    }

    private void writeConfig(String json) throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), json);
    }
}
