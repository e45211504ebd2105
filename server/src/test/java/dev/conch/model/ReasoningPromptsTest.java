package dev.conch.model;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.chat.TemplatePolicy;
import dev.conch.chat.TemplatePromptRenderer;
import dev.conch.openai.ChatMessage;
import dev.conch.openai.ChatMessage.Role;
import dev.conch.openai.ChatMessage.TextPart;
import dev.conch.openai.Conversation;
import dev.conch.output.parser.AnswerParser;
import dev.conch.output.parser.AnswerSink;
import dev.conch.output.reasoning.ReasoningFormats;
import io.micronaut.core.type.Argument;
import io.micronaut.json.JsonMapper;
import io.micronaut.json.tree.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** From {@code reasoning_effort} through the makers' templates to what an answer is taken for. */
class ReasoningPromptsTest {
    private static final String TEXT = "text";
    private static final String REASONING = "reasoning";

    /**
     * A template of the shared corpus.
     *
     * @param effort null: the client says nothing
     * @param begins what an answer without a marker at its beginning is
     */
    record Prompt(String template, @Nullable String effort, String begins) {}

    private static final List<Prompt> PROMPTS = List.of(
            new Prompt("qwen3", null, TEXT),
            new Prompt("qwen3", "none", TEXT),
            new Prompt("qwen3.5-4b", null, REASONING),
            new Prompt("qwen3.5-4b", "high", REASONING),
            new Prompt("qwen3.5-4b", "none", TEXT),
            new Prompt("qwq-32b-hf", null, REASONING),
            new Prompt("glm-4.5", "none", TEXT),
            new Prompt("glm-4.5", "low", TEXT),
            new Prompt("glm-4.7-flash", null, REASONING),
            new Prompt("glm-4.7-flash", "none", TEXT),
            new Prompt("deepseek-v3.1", null, TEXT),
            new Prompt("deepseek-v3.1", "none", TEXT),
            new Prompt("deepseek-v3.1", "medium", REASONING),
            new Prompt("deepseek-v3.2", "medium", REASONING),
            new Prompt("deepseek-v3.2", "none", TEXT),
            new Prompt("deepseek-r1", null, REASONING),
            new Prompt("deepseek-r1-distill-qwen", null, REASONING),
            new Prompt("minimax-m2", null, REASONING),
            new Prompt("minimax-m3", null, TEXT),
            new Prompt("laguna-xs-2.1", null, TEXT),
            new Prompt("laguna-xs-2.1", "high", REASONING),
            new Prompt("bielik-11b", "high", REASONING),
            new Prompt("bielik-11b", null, TEXT),
            new Prompt("smollm3-3b", null, TEXT),
            new Prompt("smollm3-3b", "none", TEXT),
            new Prompt("ministral-3-reasoning", null, TEXT));

    /** There is nothing to test unless {@code CONCH_SHARED} names the folder that has the corpus. */
    @TestFactory
    Stream<DynamicTest> prompts() {
        String shared = System.getenv("CONCH_SHARED");
        return shared == null
                ? Stream.empty()
                : PROMPTS.stream()
                        .map(prompt -> DynamicTest.dynamicTest(
                                prompt.toString(),
                                () -> assertThat(beginning(
                                                Path.of(
                                                        shared,
                                                        "chat-templates",
                                                        "public",
                                                        prompt.template() + ".json"),
                                                prompt.effort()))
                                        .isEqualTo(prompt.begins())));
    }

    private static String beginning(Path file, @Nullable String effort) throws IOException {
        JsonNode node = requireNonNull(
                JsonMapper.createDefault().readValue(Files.readAllBytes(file), Argument.of(JsonNode.class)));
        String template = requireNonNull(node.get("template")).getStringValue();
        var renderer = new TemplatePromptRenderer(
                Map.of("default", template),
                Map.of("bos_token", "<s>", "eos_token", "</s>"),
                TemplatePolicy.DEFAULT,
                Clock.systemUTC());
        String ending = renderer.render(conversation(effort)).ending();
        String format =
                requireNonNull(DetectedFormats.of(List.of(template), Map.of()).reasoning());
        var heard = new Heard();
        ReasoningFormats.builtIn().byName(format).newParser(ending, heard).accept("Hm", heard);
        return requireNonNull(heard.kind);
    }

    /** What the client writes is no marker. */
    private static Conversation conversation(@Nullable String effort) {
        var message = new ChatMessage(
                Role.USER, List.of(new TextPart("What is </think>, what <think>, [/THINK] or [THINK]?")), null, null);
        Map<String, String> parameters = effort == null ? Map.of() : Map.of("reasoning_effort", effort);
        return new Conversation(List.of(message), List.of(), List.of(), Map.of(), parameters, null, true, false);
    }

    /** Remembers what was said last. */
    private static final class Heard implements AnswerParser, AnswerSink {
        private @Nullable String kind;

        @Override
        public void accept(String text, AnswerSink sink) {
            sink.text(text);
        }

        @Override
        public void finish(AnswerSink sink) {}

        @Override
        public void text(String text) {
            kind = TEXT;
        }

        @Override
        public void reasoning(String text) {
            kind = REASONING;
        }

        @Override
        public void callStarted(String name, @Nullable String id) {}

        @Override
        public void callArguments(String fragment) {}

        @Override
        public void callEnded(boolean wellFormed) {}
    }
}
