package dev.conch.http;

import dev.conch.generation.EngineFeature;
import dev.conch.http.request.Endpoint;
import dev.conch.http.request.Parameter;
import dev.conch.http.request.ParameterTable;
import dev.conch.openai.Model;
import dev.conch.pipeline.ModelFeatures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tells what a model honours: the table of parameters, as far as the model's engine and template go. */
final class CapabilityDocument {
    private static final List<String> TEXT = List.of("text");

    private final ModelFeatures model;

    private CapabilityDocument(ModelFeatures model) {
        this.model = model;
    }

    static Model.Capabilities of(ModelFeatures model) {
        var document = new CapabilityDocument(model);
        return new Model.Capabilities(
                Arrays.stream(Endpoint.values()).map(Endpoint::path).toList(),
                TEXT,
                TEXT,
                TEXT,
                document.responseFormats(),
                document.structuredOutputs(),
                model.toolFormat(),
                model.reasoningFormat(),
                model.templateVariables().stream().sorted().toList(),
                document.parameters());
    }

    /** Types of {@code response_format}. */
    private List<String> responseFormats() {
        List<String> formats = new ArrayList<>(TEXT);
        addIf(EngineFeature.GUIDED_JSON, formats, "json_object", "json_schema");
        addIf(EngineFeature.STRUCTURAL_TAG, formats, "structural_tag");
        return formats;
    }

    /** Fields of {@code structured_outputs}. */
    private List<String> structuredOutputs() {
        List<String> forms = new ArrayList<>();
        addIf(EngineFeature.GUIDED_JSON, forms, "json", "json_object");
        addIf(EngineFeature.GUIDED_REGEX, forms, "regex");
        addIf(EngineFeature.GUIDED_GRAMMAR, forms, "choice", "grammar");
        addIf(EngineFeature.STRUCTURAL_TAG, forms, "structural_tag");
        return forms;
    }

    private void addIf(EngineFeature feature, List<String> to, String... names) {
        if (model.engine().contains(feature)) {
            to.addAll(List.of(names));
        }
    }

    private Map<String, List<String>> parameters() {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (Endpoint endpoint : Endpoint.values()) {
            parameters.put(
                    endpoint.path(),
                    ParameterTable.builtIn().of(endpoint).stream()
                            .filter(this::honoured)
                            .map(Parameter::name)
                            .toList());
        }
        return parameters;
    }

    private boolean honoured(Parameter parameter) {
        return switch (parameter.decision()) {
            case ENGINE -> parameter.needs() != null && model.engine().contains(parameter.needs());
            case OBEYED -> shown(parameter.name());
            case ACCEPTED, REFUSED -> false;
        };
    }

    /** What depends on the model's chat template. */
    private boolean shown(String name) {
        return switch (name) {
            case "tools", "tool_choice", "parallel_tool_calls", "functions", "function_call" -> model.tools();
            case "documents" -> model.documents();
            case "chat_template" -> model.clientTemplates();
            case "chat_template_kwargs" -> !model.templateVariables().isEmpty();
            case "reasoning_effort", "verbosity" -> model.templateParameters().contains(name);
            default -> true;
        };
    }
}
