package dev.conch.http.request;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The tables of {@code docs/openai-compatibility.md} against the table that the code uses. {@code make golden} writes them anew. */
class CompatibilityPageGoldenTest {
    private static final Path PAGE = Path.of("../docs/openai-compatibility.md");
    private static final boolean WRITE = Boolean.getBoolean("conch.golden.write");

    /** What OpenAI's specification 2.3.0 has for a chat request. */
    private static final Set<String> CHAT = Set.of(
            "messages",
            "model",
            "modalities",
            "verbosity",
            "reasoning_effort",
            "max_completion_tokens",
            "frequency_penalty",
            "presence_penalty",
            "web_search_options",
            "top_logprobs",
            "response_format",
            "audio",
            "store",
            "stream",
            "stop",
            "logit_bias",
            "logprobs",
            "max_tokens",
            "n",
            "prediction",
            "seed",
            "stream_options",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "function_call",
            "functions",
            "metadata",
            "temperature",
            "top_p",
            "user",
            "safety_identifier",
            "prompt_cache_key",
            "service_tier",
            "prompt_cache_retention",
            "prompt_cache_options",
            "moderation");

    /** And for a completion. */
    private static final Set<String> COMPLETIONS = Set.of(
            "model",
            "prompt",
            "best_of",
            "echo",
            "frequency_penalty",
            "logit_bias",
            "logprobs",
            "max_tokens",
            "n",
            "presence_penalty",
            "seed",
            "stop",
            "stream",
            "stream_options",
            "suffix",
            "temperature",
            "top_p",
            "user");

    @Test
    void saysWhatTheTableSays() throws IOException {
        String renewed = Files.readString(PAGE);
        renewed = table(renewed, "openai", parameter -> parameter.origin().equals("openai"));
        renewed = table(renewed, "extensions", parameter -> !parameter.origin().equals("openai"));
        if (WRITE) {
            Files.writeString(PAGE, renewed);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(renewed);
    }

    @Test
    void hasEveryParameterOfTheSpecification() {
        assertThat(CHAT).hasSize(37);
        assertThat(openAi(Endpoint.CHAT)).containsExactlyInAnyOrderElementsOf(CHAT);
        assertThat(openAi(Endpoint.COMPLETIONS)).containsExactlyInAnyOrderElementsOf(COMPLETIONS);
    }

    private static List<String> openAi(Endpoint endpoint) {
        return ParameterTable.builtIn().of(endpoint).stream()
                .filter(parameter -> parameter.origin().equals("openai") && parameter.topLevel())
                .map(Parameter::name)
                .toList();
    }

    private static String table(String page, String name, Predicate<Parameter> chosen) {
        String head = "| parameter | at | value | default | what happens | |\n|---|---|---|---|---|---|\n";
        String rows = ParameterTable.builtIn().all().stream()
                .filter(chosen)
                .map(CompatibilityPageGoldenTest::row)
                .collect(joining());
        return MarkedText.replaced(
                page, "<!-- %s: made of the table by make golden -->".formatted(name), "<!-- end -->", head + rows);
    }

    private static String row(Parameter parameter) {
        return "| `%s` | %s | %s | %s | %s | %s |\n"
                .formatted(
                        parameter.name(),
                        Stream.of(Endpoint.values())
                                .filter(parameter.endpoints()::contains)
                                .map(Endpoint::wireName)
                                .collect(joining(", ")),
                        value(parameter.schema().keywords()),
                        parameter.required()
                                ? "required"
                                : shown(parameter.schema().keywords().get("default")),
                        decision(parameter),
                        notes(parameter));
    }

    private static String notes(Parameter parameter) {
        String origin = parameter.origin().equals("openai") ? "" : "as " + parameter.origin() + " has it";
        return Stream.of(origin, parameter.notes())
                .filter(text -> !text.isEmpty())
                .collect(joining(". "));
    }

    private static String decision(Parameter parameter) {
        String neutral = parameter.neutral().values().stream()
                .map(CompatibilityPageGoldenTest::shown)
                .collect(joining(", "));
        String unless = neutral.isEmpty() ? "" : " unless " + neutral;
        return switch (parameter.decision()) {
            case OBEYED -> "obeyed";
            case ENGINE -> "obeyed if the engine can";
            case ACCEPTED -> "checked, no effect";
            case REFUSED -> "refused" + unless;
        };
    }

    private static String value(Map<String, ?> schema) {
        if (schema.get("enum") instanceof List<?> choices) {
            return choices.stream().map(CompatibilityPageGoldenTest::shown).collect(joining(", "));
        }
        if (schema.get("$ref") instanceof String reference) {
            return reference.substring(reference.lastIndexOf('/') + 1);
        }
        String elements = Stream.of("items", "additionalProperties")
                .flatMap(keyword -> Stream.ofNullable(schema.get(keyword)))
                .map(inner -> " of " + value(ValueSchema.of((Map<?, ?>) inner).keywords()))
                .findFirst()
                .orElse("");
        return schema.get("type") + range(schema) + elements;
    }

    private static String range(Map<String, ?> schema) {
        String least = schema.containsKey("exclusiveMinimum")
                ? "above " + schema.get("exclusiveMinimum")
                : bound("at least ", schema.get("minimum"));
        String most = Stream.of(
                        bound("at most ", schema.get("maximum")),
                        bound("up to ", schema.get("maxLength"), " characters"),
                        bound("up to ", schema.get("maxItems"), ""),
                        bound("up to ", schema.get("maxProperties"), " entries"))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
        String range = Stream.of(least, most).filter(text -> !text.isEmpty()).collect(joining(", "));
        return range.isEmpty() ? "" : " " + range;
    }

    /** The bounds of 32 and 64 bits are nobody's wish. */
    private static String bound(String words, @Nullable Object value) {
        boolean wished = value instanceof Number number && Math.abs(number.doubleValue()) < Integer.MAX_VALUE;
        return wished ? words + value : "";
    }

    private static String bound(String words, @Nullable Object value, String unit) {
        return value == null ? "" : words + value + unit;
    }

    private static String shown(@Nullable Object value) {
        return value == null ? "" : "`" + (value instanceof String ? value : PlainJson.of(value)) + "`";
    }
}
