package dev.conch.model;

import dev.conch.chat.PromptRenderer;
import dev.conch.tokenizer.Tokenizer;
import java.time.Instant;
import java.util.List;

/**
 * All that is known about one served model. Immutable, thread-safe.
 *
 * @param name what clients say
 * @param engineModel its name inside the engine
 * @param maxModelLen most tokens of prompt and answer together
 * @param endTokenIds tokens with which the model ends its turn, the main one first
 * @param stopSequences texts with which it ends its turn; not empty strings
 * @param fingerprint the same as long as model, tokenizer, template and engine are: {@code fp_} and 10 hexadecimal digits
 * @param loadedAt when this card was made
 */
public record ModelCard(
        String name,
        String engineModel,
        int maxModelLen,
        PromptRenderer renderer,
        Tokenizer tokenizer,
        List<Integer> endTokenIds,
        List<String> stopSequences,
        String fingerprint,
        Instant loadedAt) {

    public ModelCard {
        endTokenIds = List.copyOf(endTokenIds);
        stopSequences = List.copyOf(stopSequences);
    }
}
