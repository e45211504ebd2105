package dev.conch.output.reasoning;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The ways of thinking aloud that are known, by the names that vLLM has for them where it has one. Facts about the formats are from the
 * models' chat templates and from the parsers of vLLM, SGLang and Dynamo. Immutable, thread-safe.
 */
public final class ReasoningFormats {
    private static final String THINK = "<think>";
    private static final String THINK_END = "</think>";

    private static final List<String> RESPONSE = List.of("<response>");
    private static final List<String> RESPONSE_END = List.of("</response>");
    /** Longer than the marker that begins a call: models that reason about how to call do write that one. */
    private static final String XML_CALL = "<tool_call>\n<function=";

    private static final String JSON_CALL = "<tool_call>\n{\"name\"";

    private static final ReasoningFormats BUILT_IN = new ReasoningFormats(List.of(
            thinkTags("think_tags"),
            thinkTags("deepseek_r1").impliedAtTheBeginning(),
            thinkTags("deepseek_v3"),
            thinkTags("qwen3").brokenBy(XML_CALL, JSON_CALL),
            thinkTags("glm45").brokenBy("<tool_call>"),
            thinkTags("kimi_k2").impliedAtTheBeginning().brokenBy("<|tool_calls_section_begin|>"),
            MarkedReasoning.of("kimi", "◁think▷", "◁/think▷"),
            thinkTags("minimax_m2").impliedAtTheBeginning(),
            MarkedReasoning.of("minimax_m3", "<mm:think>", "</mm:think>"),
            thinkTags("nemotron"),
            thinkTags("nemotron_v3").brokenBy(XML_CALL),
            thinkTags("olmo3").impliedAtTheBeginning(),
            thinkTags("step3").impliedAtTheBeginning(),
            thinkTags("ernie45").impliedAtTheBeginning().thenBetween(RESPONSE, RESPONSE_END),
            thinkTags("hunyuan_a13b").thenBetween(List.of("<answer>"), List.of("</answer>")),
            thinkTags("granite_thinking").thenBetween(RESPONSE, RESPONSE_END),
            MarkedReasoning.of(
                    "granite",
                    List.of("Here is my thought process:", "Here's my thought process:"),
                    List.of("Here is my response:", "Here's my response:")),
            MarkedReasoning.of("mistral", "[THINK]", "[/THINK]").anywhere(),
            MarkedReasoning.of("seed_oss", "<seed:think>", "</seed:think>").anywhere(),
            MarkedReasoning.of("gemma4", "<|channel>thought", "<channel|>")
                    .anywhere()
                    .brokenBy("<|tool_call>"),
            MarkedReasoning.of("apertus", "<|inner_prefix|>", "<|inner_suffix|>")
                    .anywhere(),
            MarkedReasoning.of("command_a", "<|START_THINKING|>", "<|END_THINKING|>")
                    .anywhere()
                    .brokenBy("<|START_ACTION|>")
                    .thenBetween(
                            List.of("<|START_RESPONSE|>", "<|START_TEXT|>"),
                            List.of("<|END_RESPONSE|>", "<|END_TEXT|>"))));

    private final Map<String, ReasoningFormat> formats = new LinkedHashMap<>();

    private ReasoningFormats(Collection<? extends ReasoningFormat> formats) {
        formats.forEach(format -> this.formats.put(format.name(), format));
    }

    private static MarkedReasoning thinkTags(String name) {
        return MarkedReasoning.of(name, THINK, THINK_END);
    }

    /** Those that are a block between markers. */
    public static ReasoningFormats builtIn() {
        return BUILT_IN;
    }

    /** Finds a format by its name. */
    public Optional<ReasoningFormat> find(String name) {
        return Optional.ofNullable(formats.get(name));
    }

    /**
     * A format that must be there.
     *
     * @throws IllegalArgumentException if it is not, naming those that are; for the operator
     */
    public ReasoningFormat byName(String name) {
        return find(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "reasoning-format: " + name + " (expected: auto, none, or one of " + choices() + ")"));
    }

    /** All names. */
    public Set<String> names() {
        return Set.copyOf(formats.keySet());
    }

    private String choices() {
        return String.join(", ", formats.keySet().stream().sorted().toList());
    }
}
