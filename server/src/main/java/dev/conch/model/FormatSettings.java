package dev.conch.model;

import org.jspecify.annotations.Nullable;

/**
 * What an operator says about how a model writes its answers.
 *
 * @param tools the format of its tool calls by name, {@code auto} for what its chat template tells, {@code none} for text alone
 * @param reasoning likewise the format of its reasoning
 * @param reasoningField where an answer has the reasoning: {@code reasoning_content}, {@code reasoning}, or {@code both}
 */
public record FormatSettings(String tools, String reasoning, String reasoningField) {
    /** All as the chat template tells. */
    public static final FormatSettings DEFAULT = new FormatSettings("auto", "auto", "reasoning_content");

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
