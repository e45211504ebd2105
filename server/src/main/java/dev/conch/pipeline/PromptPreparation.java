package dev.conch.pipeline;

import dev.conch.chat.RenderedPrompt;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.GenerationRequest;
import dev.conch.generation.SamplingParams;
import dev.conch.generation.StopConditions;
import dev.conch.generation.TextSpan;
import dev.conch.model.ModelCard;
import dev.conch.openai.ChatCompletionRequest;
import dev.conch.openai.SamplingOptions;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Walks a request through chat, tokenizer and generation: from messages to what the engine gets. Plain functions, thread-safe. */
final class PromptPreparation {
    /**
     * No text has fewer tokens than one for this many characters, in any vocabulary and language that was seen; a longer prompt is first
     * measured by its beginning, so that refusing 10 MiB costs no more than refusing the first page too many.
     */
    private static final int MAX_CHARS_PER_TOKEN = 16;

    private PromptPreparation() {}

    /** @throws GenerationException a USER error if the messages cannot be rendered or do not fit */
    static GenerationRequest prepare(String id, ChatCompletionRequest request, ModelCard card) {
        RenderedPrompt prompt = card.renderer().render(request.conversation());
        int[] ids = encode(prompt, card);
        List<String> stopSequences = stopSequences(request, card);
        return new GenerationRequest(
                id,
                card.engineModel(),
                ids,
                sampling(request),
                stopConditions(request, card, stopSequences, ids.length),
                1,
                null,
                // stop sequences are found in the text, which only exists token by token: without them, one message is
                // cheaper than many
                request.output().stream() || !stopSequences.isEmpty());
    }

    private static List<String> stopSequences(ChatCompletionRequest request, ModelCard card) {
        return Stream.concat(request.stop().stop().stream(), card.stopSequences().stream())
                .distinct()
                .toList();
    }

    private static int[] encode(RenderedPrompt prompt, ModelCard card) {
        long certainlyEnough = (long) card.maxModelLen() * MAX_CHARS_PER_TOKEN;
        if (prompt.text().length() > certainlyEnough) {
            refuseLongBeginning(prompt, card, (int) certainlyEnough);
        }
        int[] ids = card.tokenizer().encode(prompt.text(), prompt.clientSpans());
        if (ids.length >= card.maxModelLen()) {
            throw tooLong(card, "your messages resulted in " + ids.length + " tokens");
        }
        return ids;
    }

    private static void refuseLongBeginning(RenderedPrompt prompt, ModelCard card, int chars) {
        List<TextSpan> spans = prompt.clientSpans().stream()
                .filter(span -> span.start() < chars)
                .map(span -> new TextSpan(span.start(), Math.min(span.end(), chars)))
                .toList();
        int tokens = card.tokenizer().encode(prompt.text().substring(0, chars), spans).length;
        if (tokens > card.maxModelLen()) {
            throw tooLong(card, "your messages resulted in more than " + tokens + " tokens");
        }
    }

    private static StopConditions stopConditions(
            ChatCompletionRequest request, ModelCard card, List<String> stopSequences, int promptTokens) {
        int room = card.maxModelLen() - promptTokens;
        int wanted = Objects.requireNonNullElse(request.stop().maxTokens(), room);
        if (wanted > room) {
            throw tooLong(
                    card,
                    "you requested %d tokens (%d in the messages, %d in the completion)"
                            .formatted((long) promptTokens + wanted, promptTokens, wanted));
        }
        return StopConditions.of(wanted, card.endTokenIds(), stopSequences);
    }

    private static GenerationException tooLong(ModelCard card, String finding) {
        return new GenerationException(
                ErrorCode.CONTEXT_LENGTH_EXCEEDED,
                "This model's maximum context length is %d tokens. However, %s. Please reduce the length of the messages or completion."
                        .formatted(card.maxModelLen(), finding),
                "messages");
    }

    private static SamplingParams sampling(ChatCompletionRequest request) {
        SamplingParams defaults = SamplingParams.DEFAULT;
        SamplingOptions asked = request.sampling();
        return SamplingParams.of(
                orElse(asked.temperature(), defaults.temperature()),
                orElse(asked.topP(), defaults.topP()),
                orElse(asked.frequencyPenalty(), defaults.frequencyPenalty()),
                orElse(asked.presencePenalty(), defaults.presencePenalty()),
                asked.seed());
    }

    private static double orElse(@Nullable Double value, double defaultValue) {
        return value == null ? defaultValue : value;
    }
}
