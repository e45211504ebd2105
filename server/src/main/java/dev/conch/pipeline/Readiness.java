package dev.conch.pipeline;

import dev.conch.engine.InferenceEngine;
import dev.conch.generation.GenerationException;
import dev.conch.model.ModelCard;
import dev.conch.model.ModelCatalog;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Which models can be served now. Thread-safe. */
public final class Readiness {
    private final ModelCatalog catalog;
    private final InferenceEngine engine;

    public Readiness(ModelCatalog catalog, InferenceEngine engine) {
        this.catalog = catalog;
        this.engine = engine;
    }

    /**
     * The name of one model, and whether the engine is ready for it.
     *
     * @throws GenerationException {@code MODEL_NOT_FOUND}
     */
    public CompletionStage<Map<String, Boolean>> model(String name) {
        ModelCard card = catalog.get(name);
        return engine.ready(card.engineModel()).thenApply(ready -> Map.of(card.name(), ready));
    }

    /** Each model's name, and whether the engine is ready for it. Never fails. */
    public CompletionStage<Map<String, Boolean>> models() {
        Map<String, CompletableFuture<Boolean>> answers = catalog.all().stream()
                .collect(Collectors.toMap(
                        ModelCard::name,
                        card -> engine.ready(card.engineModel()).toCompletableFuture()));
        return CompletableFuture.allOf(answers.values().toArray(CompletableFuture[]::new))
                .thenApply(_ -> answers.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, entry -> entry.getValue().join(), (a, _) -> a, TreeMap::new)));
    }
}
