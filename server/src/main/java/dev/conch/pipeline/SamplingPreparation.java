package dev.conch.pipeline;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.SamplingParams;
import dev.conch.model.ModelCard;
import dev.conch.openai.SamplingOptions;
import dev.conch.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How tokens are chosen, from what a client asked for: tokens are checked against the vocabulary, and words become tokens. */
final class SamplingPreparation {
    private SamplingPreparation() {}

    /** @throws GenerationException {@code INVALID_VALUE} naming the field of a token that the model does not have */
    static SamplingParams prepare(SamplingOptions asked, ModelCard card) {
        SamplingParams defaults = SamplingParams.DEFAULT;
        asked.logitBias().keySet().forEach(id -> requireToken(id, "logit_bias." + id, card.tokenizer()));
        requireTokens(asked.allowedTokenIds(), "allowed_token_ids", card.tokenizer());
        return new SamplingParams(
                orElse(asked.temperature(), defaults.temperature()),
                orElse(asked.topP(), defaults.topP()),
                orElse(asked.topK(), defaults.topK()),
                orElse(asked.minP(), defaults.minP()),
                orElse(asked.frequencyPenalty(), defaults.frequencyPenalty()),
                orElse(asked.presencePenalty(), defaults.presencePenalty()),
                orElse(asked.repetitionPenalty(), defaults.repetitionPenalty()),
                orElse(asked.noRepeatNgramSize(), defaults.noRepeatNgramSize()),
                logitBias(asked.logitBias()),
                asked.allowedTokenIds(),
                badWords(asked.badWords(), card.tokenizer()),
                asked.seed());
    }

    private static <T> T orElse(@Nullable T value, T defaultValue) {
        return value == null ? defaultValue : value;
    }

    private static Map<Integer, Float> logitBias(Map<Integer, Double> asked) {
        return asked.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().floatValue()));
    }

    /** All tokens of a list that the request has at this path. */
    static void requireTokens(List<Integer> ids, String path, Tokenizer tokenizer) {
        for (int i = 0; i < ids.size(); i++) {
            requireToken(ids.get(i), path + "[" + i + "]", tokenizer);
        }
    }

    /** A token that the request has at this path. */
    static void requireToken(int id, String path, Tokenizer tokenizer) {
        if (!tokenizer.hasToken(id)) {
            throw new GenerationException(
                    ErrorCode.INVALID_VALUE,
                    "Invalid '%s': the model has no token %d. Expected ids from 0 to %d."
                            .formatted(path, id, tokenizer.vocabularySize() - 1),
                    path);
        }
    }

    private static List<List<Integer>> badWords(List<String> words, Tokenizer tokenizer) {
        var sequences = new ArrayList<List<Integer>>();
        int tokens = 0;
        for (int i = 0; i < words.size(); i++) {
            for (List<Integer> spelling : spellings(words.get(i), "bad_words[" + i + "]", tokenizer)) {
                sequences.add(spelling);
                tokens += spelling.size();
            }
            // Here and not at the end, so that what is refused is not encoded to the last word.
            refuseTooManyTokens(tokens);
        }
        return sequences;
    }

    private static void refuseTooManyTokens(int tokens) {
        if (tokens > SamplingParams.MAX_BAD_WORD_TOKENS) {
            throw new GenerationException(
                    ErrorCode.ARRAY_ABOVE_MAX_LENGTH,
                    "Invalid 'bad_words': array too long. Expected words of at most %d tokens in all."
                            .formatted(SamplingParams.MAX_BAD_WORD_TOKENS),
                    "bad_words");
        }
    }

    /**
     * The tokens of a word at the beginning of a text and, where a blank before it makes it another token, inside of one. As in vLLM,
     * other spellings are not barred.
     */
    private static List<List<Integer>> spellings(String word, String path, Tokenizer tokenizer) {
        String bare = word.stripLeading();
        List<Integer> first = encode(bare.isEmpty() ? word : bare, tokenizer);
        if (first.isEmpty()) {
            throw new GenerationException(
                    ErrorCode.INVALID_VALUE, "Invalid '%s': the model has no tokens for it.".formatted(path), path);
        }
        List<Integer> inside = encode(" " + bare, tokenizer);
        boolean anotherWord = !bare.isEmpty()
                && inside.size() == first.size()
                && !inside.getFirst().equals(first.getFirst());
        return anotherWord ? List.of(first, inside) : List.of(first);
    }

    private static List<Integer> encode(String word, Tokenizer tokenizer) {
        return Arrays.stream(tokenizer.encode(word, List.of())).boxed().toList();
    }
}
