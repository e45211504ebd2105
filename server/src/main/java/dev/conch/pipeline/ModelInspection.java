package dev.conch.pipeline;

import dev.conch.engine.InferenceEngine;
import dev.conch.model.ModelCard;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Finds out what a model can do. Thread-safe. */
public final class ModelInspection {
    private final InferenceEngine engine;

    public ModelInspection(InferenceEngine engine) {
        this.engine = engine;
    }

    /** What the model can do; empty if its engine cannot be asked. Never fails. */
    public CompletionStage<Optional<ModelFeatures>> features(ModelCard card) {
        return engine.capabilities(card.engineModel())
                .thenApply(capabilities -> Optional.of(ModelFeatures.of(capabilities, card)))
                .exceptionally(_ -> Optional.empty());
    }
}
