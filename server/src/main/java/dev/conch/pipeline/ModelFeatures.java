package dev.conch.pipeline;

import dev.conch.chat.PromptFeatures;
import dev.conch.engine.EngineCapabilities;
import dev.conch.generation.EngineFeature;
import dev.conch.model.ModelCard;
import java.util.Set;

/**
 * What requests for a model may ask for, as far as it depends on the model.
 *
 * @param engine what its engine can do
 * @param templateVariables variables of its template that clients may set
 * @param templateParameters parameters of a request that its template obeys, of {@code reasoning_effort} and {@code verbosity}
 * @param tools whether its template shows tools, and it has a format of calls
 * @param documents whether its template shows documents
 * @param clientTemplates whether clients may bring a template of their own
 */
public record ModelFeatures(
        Set<EngineFeature> engine,
        Set<String> templateVariables,
        Set<String> templateParameters,
        boolean tools,
        boolean documents,
        boolean clientTemplates) {

    public ModelFeatures {
        engine = Set.copyOf(engine);
        templateVariables = Set.copyOf(templateVariables);
        templateParameters = Set.copyOf(templateParameters);
    }

    static ModelFeatures of(EngineCapabilities engine, ModelCard card) {
        PromptFeatures prompt = card.renderer().features();
        return new ModelFeatures(
                engine.features(),
                prompt.variables(),
                prompt.parameters(),
                prompt.tools() && card.formats().tools() != null,
                prompt.documents(),
                prompt.clientTemplates());
    }
}
