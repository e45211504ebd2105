package dev.conch.pipeline;

import dev.conch.chat.PromptFeatures;
import dev.conch.engine.EngineCapabilities;
import dev.conch.generation.EngineFeature;
import dev.conch.model.ModelCard;
import dev.conch.output.reasoning.ReasoningFormat;
import dev.conch.output.toolcall.ToolFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What requests for a model may ask for, as far as it depends on the model.
 *
 * @param engine what its engine can do
 * @param templateVariables variables of its template that clients may set
 * @param templateParameters parameters of a request that its template obeys, of {@code reasoning_effort} and {@code verbosity}
 * @param tools whether its template shows tools, and it has a format of calls
 * @param toolFormat by which name the format of its calls is known; null: it has none
 * @param reasoningFormat likewise that of its reasoning
 * @param documents whether its template shows documents
 * @param clientTemplates whether clients may bring a template of their own
 */
public record ModelFeatures(
        Set<EngineFeature> engine,
        Set<String> templateVariables,
        Set<String> templateParameters,
        boolean tools,
        @Nullable String toolFormat,
        @Nullable String reasoningFormat,
        boolean documents,
        boolean clientTemplates) {

    public ModelFeatures {
        engine = Set.copyOf(engine);
        templateVariables = Set.copyOf(templateVariables);
        templateParameters = Set.copyOf(templateParameters);
    }

    static ModelFeatures of(EngineCapabilities engine, ModelCard card) {
        PromptFeatures prompt = card.renderer().features();
        ToolFormat tools = card.formats().tools();
        ReasoningFormat reasoning = card.formats().reasoning();
        return new ModelFeatures(
                engine.features(),
                prompt.variables(),
                prompt.parameters(),
                prompt.tools() && tools != null,
                tools == null ? null : tools.name(),
                reasoning == null ? null : reasoning.name(),
                prompt.documents(),
                prompt.clientTemplates());
    }
}
