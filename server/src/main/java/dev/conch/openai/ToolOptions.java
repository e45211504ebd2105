package dev.conch.openai;

/**
 * How the tools of a chat request may be used.
 *
 * @param parallel {@code parallel_tool_calls}: whether the model may call more than one
 * @param functionCall whether the request has OpenAI's older form, {@code functions} and {@code function_call}, which the answer has to
 *     have too
 */
public record ToolOptions(ToolChoice choice, boolean parallel, boolean functionCall) {
    /** Nothing was said. */
    public static final ToolOptions DEFAULT = new ToolOptions(new ToolChoice.Auto(), true, false);
}
