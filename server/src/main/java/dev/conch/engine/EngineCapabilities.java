package dev.conch.engine;

import dev.conch.generation.EngineFeature;
import java.util.Set;

/**
 * What an engine says that one of its models can do.
 *
 * @param identity the same as long as the model is, to the engine's knowledge; any text
 * @param vocabSize token ids are below this; {@link Integer#MAX_VALUE} if the engine does not say
 * @param maxSequenceLength most tokens of prompt and answer together; {@link Integer#MAX_VALUE} if the engine does not say
 */
public record EngineCapabilities(String identity, Set<EngineFeature> features, int vocabSize, int maxSequenceLength) {

    public EngineCapabilities {
        features = Set.copyOf(features);
    }
}
