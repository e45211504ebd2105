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
 * @param formats how it writes calls and what it thinks
 * @param identity the same as long as its names, tokenizer, templates and ends are; any text
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
        AnswerFormats formats,
        String identity,
        Instant loadedAt) {

    private static final int FINGERPRINT_DIGITS = 10;

    public ModelCard {
        endTokenIds = List.copyOf(endTokenIds);
        stopSequences = List.copyOf(stopSequences);
    }

    /**
     * What clients tell one way of generating from another by: the same as long as model, tokenizer, template and engine are.
     *
     * @param engine the engine's own word for what it has loaded
     * @return {@code fp_} and 10 hexadecimal digits
     */
    public String fingerprint(String engine) {
        return "fp_" + new Fingerprint().add(identity).add(engine).hex().substring(0, FINGERPRINT_DIGITS);
    }
}
