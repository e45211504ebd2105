package dev.conch.openai;

import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/chat/completions} ({@code CreateChatCompletionRequest}), as far as this server honours it; every other
 * parameter is refused by name before this record exists.
 *
 * @param model which model, never empty
 * @param conversation {@code messages}, and what else the prompt is made of
 * @param tools how the tools of the conversation may be used
 * @param responseFormat what the answer must look like
 * @param addSpecialTokens extension: whether the tokenizer puts its own tokens around the rendered prompt, which a template has done already
 * @param truncatePromptTokens extension: how many tokens of the end of the prompt are kept; null: all
 * @param priority extension: which of the requests that wait is next: the one with the lowest
 */
public record ChatCompletionRequest(
        String model,
        Conversation conversation,
        ToolOptions tools,
        ResponseFormat responseFormat,
        SamplingOptions sampling,
        StopOptions stop,
        OutputOptions output,
        boolean addSpecialTokens,
        @Nullable Integer truncatePromptTokens,
        int priority) {}
