package dev.conch.model;

import dev.conch.generation.ReasoningField;
import dev.conch.generation.TokenText.Characters;
import dev.conch.output.reasoning.ReasoningFormat;
import dev.conch.output.reasoning.ReasoningFormats;
import dev.conch.output.toolcall.ToolFormat;
import dev.conch.output.toolcall.registry.ToolFormats;
import dev.conch.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a model writes what is more than text.
 *
 * @param tools its dialect of calling functions; null: it has none
 * @param reasoning how it marks what it thinks; null: it does not. May be the same as {@code tools}
 * @param toolTokens control tokens that mark calls
 * @param reasoningTokens control tokens that mark reasoning
 * @param reasoningField where an answer has the reasoning
 */
public record AnswerFormats(
        @Nullable ToolFormat tools,
        @Nullable ReasoningFormat reasoning,
        Set<Integer> toolTokens,
        Set<Integer> reasoningTokens,
        ReasoningField reasoningField) {

    public AnswerFormats {
        toolTokens = Set.copyOf(toolTokens);
        reasoningTokens = Set.copyOf(reasoningTokens);
    }

    /**
     * The formats of these names.
     *
     * @throws IllegalArgumentException if there is none of a name
     */
    static AnswerFormats of(DetectedFormats names, ReasoningField reasoningField, Tokenizer tokenizer) {
        ToolFormat tools = names.tools() == null ? null : ToolFormats.byName(names.tools());
        ReasoningFormat reasoning = names.reasoning() == null ? null : reasoning(names.reasoning());
        return new AnswerFormats(
                tools,
                reasoning,
                tools == null ? Set.of() : controlTokens(tools.markers(), tokenizer),
                reasoning == null ? Set.of() : controlTokens(reasoning.markers(), tokenizer),
                reasoningField);
    }

    /** One that marks calls too is known as a dialect of calls. */
    private static ReasoningFormat reasoning(String name) {
        return ToolFormats.names().contains(name) && ToolFormats.byName(name) instanceof ReasoningFormat both
                ? both
                : ReasoningFormats.builtIn().byName(name);
    }

    private static Set<Integer> controlTokens(Collection<String> markers, Tokenizer tokenizer) {
        return markers.stream()
                .flatMapToInt(marker -> Arrays.stream(tokenizer.encode(marker, List.of())))
                .filter(id ->
                        tokenizer.tokenText(id, true, true) instanceof Characters characters && characters.hidden())
                .boxed()
                .collect(Collectors.toUnmodifiableSet());
    }

    /** For the log. */
    String describe() {
        return "tool calls in the format %s, reasoning in the format %s"
                .formatted(tools == null ? "none" : tools.name(), reasoning == null ? "none" : reasoning.name());
    }
}
