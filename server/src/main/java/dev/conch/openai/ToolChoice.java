package dev.conch.openai;

import java.util.List;

/**
 * Which of the tools the model may call ({@code ChatCompletionToolChoiceOption}); a name is that of a function.
 */
public sealed interface ToolChoice {

    /** It may not call any. */
    record None() implements ToolChoice {}

    /** It decides. */
    record Auto() implements ToolChoice {}

    /** It must call one or more. */
    record Required() implements ToolChoice {}

    /** It must call this one. */
    record Named(String name) implements ToolChoice {}

    /**
     * Only some of the tools count.
     *
     * @param required whether one or more of them must be called
     * @param names at least one
     */
    record Allowed(boolean required, List<String> names) implements ToolChoice {
        public Allowed {
            names = List.copyOf(names);
        }
    }
}
