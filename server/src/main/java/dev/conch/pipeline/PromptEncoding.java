package dev.conch.pipeline;

import dev.conch.chat.RenderedPrompt;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.TextSpan;
import dev.conch.model.ModelCard;
import dev.conch.openai.CompletionRequest.Prompt;
import dev.conch.tokenizer.DecodeStream;
import dev.conch.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the token ids of a prompt that fits into the model's context.
 *
 * @param field where the prompt comes from
 * @param addSpecialTokens whether the tokenizer puts its own tokens around a text
 * @param keep how many tokens of the end are kept; null: all
 */
record PromptEncoding(
        ModelCard card,
        PromptField field,
        boolean addSpecialTokens,
        @Nullable Integer keep) {
    /**
     * No text has fewer tokens than one for this many characters, in any vocabulary and language that was seen; a longer prompt is first
     * measured by its beginning, so that refusing 10 MiB costs no more than refusing the first page too many.
     */
    private static final int MAX_CHARS_PER_TOKEN = 16;

    /**
     * Of a prompt that need not fit (it is cut, or only its tokens are wanted) all has to be encoded: so many characters for each token of
     * the context are enough for any use, and cost no more than sixteen or so prompts that do fit.
     */
    private static final int MAX_CHARS_OF_ANY = 64;

    /** @throws GenerationException {@code CONTEXT_LENGTH_EXCEEDED} if no token of an answer would fit behind it */
    int[] encode(RenderedPrompt prompt) {
        long certainlyEnough = (long) card.maxModelLen() * MAX_CHARS_PER_TOKEN;
        if (keep == null && prompt.text().length() > certainlyEnough) {
            refuseLongBeginning(prompt, (int) certainlyEnough);
        }
        return fitting(encodeAny(prompt));
    }

    /**
     * Encodes a prompt that may be longer than the context, and keeps all of it.
     *
     * @throws GenerationException {@code STRING_ABOVE_MAX_LENGTH} if it is longer than anybody can use
     */
    int[] encodeAny(RenderedPrompt prompt) {
        long maxChars = (long) card.maxModelLen() * MAX_CHARS_OF_ANY;
        if (prompt.text().length() > maxChars) {
            throw new GenerationException(
                    ErrorCode.STRING_ABOVE_MAX_LENGTH,
                    "Invalid '%s': string too long. Expected at most %d characters, %d for each token of the model's context, but got %d."
                            .formatted(
                                    field.param(),
                                    maxChars,
                                    MAX_CHARS_OF_ANY,
                                    prompt.text().length()),
                    field.param());
        }
        int[] text = card.tokenizer().encode(prompt.text(), prompt.clientSpans());
        return addSpecialTokens ? withSpecialTokens(text) : text;
    }

    /** A text of the caller's own: control tokens in it are obeyed. */
    int[] encodeAny(String text) {
        return encodeAny(new RenderedPrompt(text, List.of()));
    }

    /** The text of tokens that exist. */
    static String text(List<Integer> ids, Tokenizer tokenizer, boolean skipSpecialTokens) {
        DecodeStream stream = tokenizer.decodeStream(skipSpecialTokens);
        var text = new StringBuilder();
        ids.forEach(id -> text.append(stream.append(id)));
        return text.append(stream.finish()).toString();
    }

    /** @throws GenerationException also {@code INVALID_VALUE} if the model does not have one of the tokens */
    int[] encode(Prompt prompt) {
        return switch (prompt) {
            case Prompt.Text(String text) -> encode(new RenderedPrompt(text, List.of()));
            case Prompt.TokenIds(List<Integer> ids) -> {
                ids.forEach(id -> SamplingPreparation.requireToken(id, field.param(), card.tokenizer()));
                yield fitting(ids.stream().mapToInt(Integer::intValue).toArray());
            }
        };
    }

    private int[] withSpecialTokens(int[] text) {
        int[] framed = card.tokenizer().withSpecialTokens(text);
        if (framed == null) {
            throw new GenerationException(
                    ErrorCode.UNSUPPORTED_PARAMETER,
                    "Unsupported parameter: 'add_special_tokens' (expected: false, because it is not known which tokens this model's tokenizer adds).",
                    "add_special_tokens");
        }
        return framed;
    }

    private int[] fitting(int[] all) {
        int[] ids = keep == null || all.length <= keep ? all : Arrays.copyOfRange(all, all.length - keep, all.length);
        if (ids.length == 0) {
            throw new GenerationException(
                    ErrorCode.INVALID_VALUE,
                    "Invalid '%s': expected at least one token.".formatted(field.param()),
                    field.param());
        }
        if (ids.length >= card.maxModelLen()) {
            throw tooLong("your %s resulted in %d tokens".formatted(field.noun(), ids.length));
        }
        return ids;
    }

    private void refuseLongBeginning(RenderedPrompt prompt, int chars) {
        List<TextSpan> spans = prompt.clientSpans().stream()
                .filter(span -> span.start() < chars)
                .map(span -> new TextSpan(span.start(), Math.min(span.end(), chars)))
                .toList();
        int tokens = card.tokenizer().encode(prompt.text().substring(0, chars), spans).length;
        if (tokens > card.maxModelLen()) {
            throw tooLong("your %s resulted in more than %d tokens".formatted(field.noun(), tokens));
        }
    }

    /** How many tokens may be generated behind a prompt, of which so many are wanted. */
    int room(int promptTokens, @Nullable Integer wanted) {
        int room = card.maxModelLen() - promptTokens;
        if (wanted != null && wanted > room) {
            throw tooLong("you requested %d tokens (%d in the %s, %d in the completion)"
                    .formatted((long) promptTokens + wanted, promptTokens, field.noun(), wanted));
        }
        return wanted == null ? room : wanted;
    }

    private GenerationException tooLong(String finding) {
        return new GenerationException(
                ErrorCode.CONTEXT_LENGTH_EXCEEDED,
                "This model's maximum context length is %d tokens. However, %s. Please reduce the length of the %s or completion."
                        .formatted(card.maxModelLen(), finding, field.noun()),
                field.param());
    }
}
