package dev.conch.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.conch.chat.ContentFormat;
import dev.conch.chat.TemplatePolicy;
import dev.conch.generation.ReasoningField;
import dev.conch.openai.ChatMessage;
import dev.conch.openai.ChatMessage.Role;
import dev.conch.openai.ChatMessage.TextPart;
import dev.conch.openai.Conversation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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
    void takesThatOfTheProcessorIfThereIsNoOther() throws IOException {
        write("chat_template.json", "{\"chat_template\":\"of the processor\"}");
        write("tokenizer_config.json", "{\"eos_token\":\"<|im_end|>\"}");
        assertThat(render(load())).isEqualTo("of the processor");
        write("tokenizer_config.json", "{\"eos_token\":\"<|im_end|>\",\"chat_template\":\"in the config\"}");
        assertThat(render(load())).isEqualTo("in the config");
    }

    @Test
    void takesOneOfAListOfTemplates() throws IOException {
        write("tokenizer_config.json", """
                {"eos_token":"<|im_end|>","chat_template":[
                   {"name":"default","template":"plain"},{"name":"tool_use","template":"tools"},{"name":"rag","template":"{{ documents | length }} document"}]}
                """);
        assertThat(render(load())).isEqualTo("plain");
        assertThat(renderWithDocuments(load())).isEqualTo("1 document");
        assertThat(render(load("tool_use"))).isEqualTo("tools");
        assertRefused("no chat template is called rga (expected: chat-template: one of default, rag, tool_use,", "rga");
    }

    @Test
    void takesFurtherTemplatesFromTheirFolder() throws IOException {
        for (String inside : List.of("chat_templates", "additional_chat_templates")) {
            Files.createDirectories(folder.resolve(inside));
            write(inside + "/README.md", "no template");
        }
        write("additional_chat_templates/rag.jinja", "{{ documents | length }} document");
        write("chat_templates/terse.jinja", "terse");
        write("tokenizer_config.json", "{\"eos_token\":\"<|im_end|>\"}");
        assertRefused("no chat template is called default (expected: chat-template: one of rag, terse, or the path");
        write("tokenizer_config.json", "{\"eos_token\":\"<|im_end|>\",\"chat_template\":\"plain\"}");
        assertThat(render(load())).isEqualTo("plain");
        assertThat(renderWithDocuments(load())).isEqualTo("1 document");
        assertThat(render(load("terse"))).isEqualTo("terse");
    }

    @Test
    void takesATemplateFromAnywhere() throws IOException {
        write("tokenizer_config.json", "{\"eos_token\":\"<|im_end|>\"}");
        write("other.jinja", "from elsewhere");
        assertThat(render(load(folder.resolve("other.jinja").toString()))).isEqualTo("from elsewhere");
        assertRefused(
                "nowhere.jinja cannot be read", folder.resolve("nowhere.jinja").toString());
    }

    @Test
    void refusesATemplateOfAnotherShape() throws IOException {
        for (String template : List.of("{}", "[1]", "[{\"name\":\"default\"}]", "7")) {
            write("tokenizer_config.json", "{\"eos_token\":\"<|im_end|>\",\"chat_template\":" + template + "}");
            assertRefused("chat_template in tokenizer_config.json is neither a text nor a list of objects");
        }
    }

    @Test
    void knowsTheSpecialTokens() throws IOException {
        write("special_tokens_map.json", """
                {"bos_token":{"content":"<b>"},"unk_token":"<u>","eos_token":"<old>","additional_special_tokens":["<x>",{"content":"<y>"}]}
                """);
        write("tokenizer_config.json", """
                {"eos_token":"<|im_end|>","unk_token":null,"sep_token":{"content":"<s>"},"pad_token":"<p>","cls_token":"<c>","mask_token":"<m>"}
                """);
        write(
                "chat_template.jinja",
                "{{ bos_token }}{{ eos_token }}{{ unk_token is defined }}{{ sep_token }}{{ pad_token }}{{ cls_token }}{{ mask_token }}"
                        + "{{ additional_special_tokens | join }}");
        assertThat(render(load())).isEqualTo("<b><|im_end|>False<s><p><c><m><x><y>");
    }

    @Test
    void refusesVariablesThatBelongToTheServer() throws IOException {
        write("tokenizer_config.json", "{\"eos_token\":\"<|im_end|>\",\"chat_template\":\"x\"}");
        var policy = new TemplatePolicy(ContentFormat.AUTO, Set.of("tools"), false);
        assertThatExceptionOfType(ModelLoadException.class)
                .isThrownBy(() -> loader.load(
                        new ModelSettings("m", folder, "engine", 99, null, null, policy, FormatSettings.DEFAULT)))
                .withMessageContaining("chat-template-kwargs: tools");
    }

    @Test
    void letsClientsTurnReasoningOffIfTheModelReasons() throws IOException {
        String chat = "<|im_start|>{{ enable_thinking }}";
        write("tokenizer_config.json", "{\"eos_token\":\"<|im_end|>\"}");
        write("chat_template.jinja", chat + "<think></think>");
        assertThat(settable("auto")).containsExactly("enable_thinking");
        assertThat(settable("none")).isEmpty();
        write("chat_template.jinja", chat);
        assertThat(settable("auto")).isEmpty();
        assertThat(settable("qwen3")).containsExactly("enable_thinking");
    }

    private Set<String> settable(String reasoningFormat) {
        var formats = new FormatSettings("auto", reasoningFormat, ReasoningField.REASONING_CONTENT);
        return loader.load(new ModelSettings("m", folder, "engine", 99, null, null, TemplatePolicy.DEFAULT, formats))
                .renderer()
                .features()
                .variables();
    }

    @Test
    void takesTheTokenizersEndTokenIfThereIsNoGenerationConfig() throws IOException {
        write("tokenizer_config.json", "{\"eos_token\":{\"content\":\"<|im_end|>\"},\"chat_template\":\"x\"}");
        ModelCard card = load();
        assertThat(card.endTokenIds()).containsExactly(card.tokenizer().encode("<|im_end|>", List.of())[0]);
    }

    @Test
    void hasTheSameFingerprintUntilSomethingChanges() throws IOException {
        write("tokenizer_config.json", "{\"eos_token\":\"<|im_end|>\",\"chat_template\":\"x\"}");
        String first = load().fingerprint("engine");
        assertThat(first).matches("fp_[0-9a-f]{10}").isEqualTo(load().fingerprint("engine"));
        var different = new HashSet<>(Set.of(first, load().fingerprint("another engine")));
        write("generation_config.json", "{\"eos_token_id\":[2,0]}");
        different.add(load().fingerprint("engine"));
        write("chat_template.jinja", "y");
        different.add(load().fingerprint("engine"));
        Files.writeString(folder.resolve("tokenizer.json"), " ", StandardOpenOption.APPEND);
        different.add(load().fingerprint("engine"));
        different.add(loader.load(settings("another name", folder)).fingerprint("engine"));
        assertThat(different).hasSize(6);
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

    @Test
    void namesAllThatCannotBeLoaded() throws IOException {
        write("tokenizer_config.json", "{\"eos_token\":\"<|im_end|>\",\"chat_template\":\"x\"}");
        List<ModelSettings> models = List.of(
                settings("lost", folder.resolve("nowhere")),
                settings("m", folder),
                settings("astray", folder.resolve("elsewhere")));
        assertThatExceptionOfType(ModelLoadException.class)
                .isThrownBy(() -> loader.loadAll(models))
                .satisfies(all -> assertThat(String.valueOf(all.getMessage()).lines())
                        .satisfiesExactly(
                                first -> assertThat(first).startsWith("model lost: "),
                                second -> assertThat(second).startsWith("model astray: ")));
        assertThat(loader.loadAll(models.subList(1, 2)))
                .extracting(ModelCard::name)
                .containsExactly("m");
    }

    private static ModelSettings settings(String name, Path folder) {
        return new ModelSettings(
                name, folder, "engine", 99, null, null, TemplatePolicy.DEFAULT, FormatSettings.DEFAULT);
    }

    private void assertRefused(String reason) {
        assertRefused(reason, null);
    }

    private void assertRefused(String reason, @Nullable String chatTemplate) {
        assertThatExceptionOfType(ModelLoadException.class)
                .isThrownBy(() -> load(chatTemplate))
                .withMessageStartingWith("model m: ")
                .withMessageContaining(reason)
                .withMessageContaining(folder.toString());
    }

    private ModelCard load() {
        return load(null);
    }

    private ModelCard load(@Nullable String chatTemplate) {
        return loader.load(new ModelSettings(
                "m", folder, "engine", 99, null, chatTemplate, TemplatePolicy.DEFAULT, FormatSettings.DEFAULT));
    }

    private static String renderWithDocuments(ModelCard card) {
        var message = new ChatMessage(Role.USER, List.of(new TextPart("hi")), null, null);
        return card.renderer()
                .render(new Conversation(
                        List.of(message), List.of(), List.of(Map.of("text", "x")), Map.of(), null, true, false))
                .text();
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
