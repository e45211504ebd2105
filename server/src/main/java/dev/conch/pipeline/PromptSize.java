package dev.conch.pipeline;

import dev.conch.openai.ChatMessage;
import dev.conch.openai.ChatMessage.TextPart;
import dev.conch.openai.CompletionRequest.Prompt;
import dev.conch.openai.Conversation;
import dev.conch.openai.ResponseFormat;
import dev.conch.openai.SamplingOptions;
import dev.conch.openai.StopOptions;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Guesses how much work a prompt is, in characters to render and encode. */
final class PromptSize {
    /** What a template and its tokenizer have to do for a message, or another value, without content. */
    private static final int CHARS_OF_AN_EMPTY_VALUE = 32;
    /** To compile and try out a template that comes with the request is as much work as a long prompt. */
    private static final int CHARS_OF_A_TEMPLATE = 100_000;

    /** To check a schema, an expression or a grammar is more than an event loop should do, however short it is. */
    private static final int CHARS_OF_A_CONSTRAINT = 10_000;

    private PromptSize() {}

    static long chars(ResponseFormat format) {
        return switch (format) {
            case ResponseFormat.Text _, ResponseFormat.JsonObject _ -> 0;
            case ResponseFormat.JsonSchema schema -> CHARS_OF_A_CONSTRAINT + chars((Object) schema.schema());
            case ResponseFormat.GuidedJson guided -> CHARS_OF_A_CONSTRAINT + chars((Object) guided.schema());
            case ResponseFormat.Regex regex ->
                CHARS_OF_A_CONSTRAINT + regex.pattern().length();
            case ResponseFormat.Choice choice -> CHARS_OF_A_CONSTRAINT + chars((Object) choice.choices());
            case ResponseFormat.Grammar grammar ->
                CHARS_OF_A_CONSTRAINT + grammar.grammar().length();
            case ResponseFormat.StructuralTag tag -> CHARS_OF_A_CONSTRAINT + chars((Object) tag.tag());
        };
    }

    static long chars(Conversation conversation) {
        long messages =
                conversation.messages().stream().mapToLong(PromptSize::chars).sum();
        long tools = conversation.tools().stream()
                .mapToLong(tool -> CHARS_OF_A_CONSTRAINT + chars(tool.definition()))
                .sum();
        return messages
                + tools
                + chars(conversation.documents())
                + chars(conversation.templateVariables())
                + (conversation.chatTemplate() == null ? 0 : CHARS_OF_A_TEMPLATE);
    }

    static long chars(List<Prompt> prompts) {
        return prompts.stream()
                .mapToLong(prompt -> switch (prompt) {
                    case Prompt.Text(String text) -> text.length();
                    case Prompt.TokenIds(List<Integer> ids) -> ids.size();
                })
                .sum();
    }

    /** What has to be encoded, or looked up in the vocabulary, besides the prompt. */
    static long chars(SamplingOptions sampling, StopOptions stop) {
        // Each word is encoded as it stands at the beginning of a text and inside of one.
        long words = sampling.badWords().stream()
                .mapToLong(word -> 2L * (CHARS_OF_AN_EMPTY_VALUE + word.length()))
                .sum();
        return words
                + sampling.logitBias().size()
                + sampling.allowedTokenIds().size()
                + stop.stopTokenIds().size();
    }

    private static long chars(ChatMessage message) {
        long content = message.content().stream()
                .mapToLong(part -> switch (part) {
                    case TextPart text -> text.text().length();
                })
                .sum();
        long calls = message.toolCalls().stream()
                .mapToLong(call -> CHARS_OF_AN_EMPTY_VALUE + call.arguments().length())
                .sum();
        return CHARS_OF_AN_EMPTY_VALUE + content + calls + chars(message.reasoningContent());
    }

    private static long chars(@Nullable Object plain) {
        return switch (plain) {
            case null -> 0;
            case String text -> text.length();
            case Map<?, ?> map ->
                map.keySet().stream().mapToLong(PromptSize::chars).sum() + chars(map.values());
            case Iterable<?> elements -> {
                long sum = 0;
                for (Object element : elements) {
                    sum += CHARS_OF_AN_EMPTY_VALUE + chars(element);
                }
                yield sum;
            }
            default -> CHARS_OF_AN_EMPTY_VALUE;
        };
    }
}
