package dev.conch.model;

import dev.conch.generation.ReasoningField;
import org.jspecify.annotations.Nullable;

/**
 * What an operator says about how a model writes its answers.
 *
 * @param tools the format of its tool calls by name, {@code auto} for what its chat template tells, {@code none} for text alone
 * @param reasoning likewise the format of its reasoning
 * @param reasoningField where an answer has the reasoning
 */
public record FormatSettings(String tools, String reasoning, ReasoningField reasoningField) {
    /** All as the chat template tells. */
    public static final FormatSettings DEFAULT = new FormatSettings("auto", "auto", ReasoningField.REASONING_CONTENT);

    /** The names of the formats: the operator's, or else those that were detected. */
    DetectedFormats choose(DetectedFormats detected) {
        return new DetectedFormats(choose(tools, detected.tools()), choose(reasoning, detected.reasoning()));
    }

    private static @Nullable String choose(String setting, @Nullable String detected) {
        return switch (setting) {
            case "auto" -> detected;
            case "none" -> null;
            default -> setting;
        };
    }
}
