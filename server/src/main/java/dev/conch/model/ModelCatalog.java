package dev.conch.model;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The served models, in the order of the configuration. A read-only snapshot, thread-safe. */
public final class ModelCatalog {
    private static final int MAX_ECHO_CHARS = 100;

    private final Map<String, ModelCard> cards = new LinkedHashMap<>();

    public ModelCatalog(List<ModelCard> cards) {
        cards.forEach(card -> this.cards.put(card.name(), card));
    }

    /**
     * Finds a model by the name that clients use.
     *
     * @throws GenerationException {@code MODEL_NOT_FOUND}
     */
    public ModelCard get(String name) {
        ModelCard card = cards.get(name);
        if (card == null) {
            throw new GenerationException(
                    ErrorCode.MODEL_NOT_FOUND, "The model `" + echo(name) + "` does not exist.", "model");
        }
        return card;
    }

    /** All cards. */
    public Collection<ModelCard> all() {
        return cards.values();
    }

    /** What a client sent comes back shortened, and without anything that a terminal or a log could trip over. */
    private static String echo(String name) {
        String shortened = name.length() <= MAX_ECHO_CHARS ? name : name.substring(0, MAX_ECHO_CHARS) + "…";
        return shortened.replaceAll("\\p{Cntrl}", "\uFFFD");
    }
}
