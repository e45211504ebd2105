package dev.conch.pipeline;

import dev.conch.chat.PromptFeatures;
import dev.conch.engine.EngineCapabilities;
import dev.conch.generation.EngineFeature;
import java.util.Set;

/**
 * What requests for a model may ask for, as far as it depends on the model.
 *
 * @param engine what its engine can do
 * @param templateVariables variables of its template that clients may set
 * @param tools whether its template shows tools
 * @param documents whether its template shows documents
 * @param clientTemplates whether clients may bring a template of their own
 */
public record ModelFeatures(
        Set<EngineFeature> engine,
        Set<String> templateVariables,
        boolean tools,
        boolean documents,
        boolean clientTemplates) {

    public ModelFeatures {
        engine = Set.copyOf(engine);
        templateVariables = Set.copyOf(templateVariables);
    }

    static ModelFeatures of(EngineCapabilities engine, PromptFeatures prompt) {
        return new ModelFeatures(
                engine.features(), prompt.variables(), prompt.tools(), prompt.documents(), prompt.clientTemplates());
    }
}
