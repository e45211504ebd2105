package dev.conch.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model that is served ({@code Model}).
 *
 * @param created when it was loaded, seconds since 1970
 * @param maxModelLen longest prompt and answer together, in tokens; not in OpenAI's schema, and read by many clients
 * @param capabilities what it honours, in an answer about this model alone; null if its engine cannot be asked
 */
@Serdeable(naming = SnakeCaseStrategy.class)
public record Model(
        String id,
        String object,
        long created,
        String ownedBy,
        int maxModelLen,
        @Nullable Capabilities capabilities) {

    public static final String OBJECT = "model";

    /** All models ({@code ListModelsResponse}). */
    @Serdeable
    public record Listing(@JsonProperty("object") String object, List<Model> data) {

        public Listing(List<Model> data) {
            this("list", data);
        }
    }

    /**
     * What a model honours. No specification has it.
     *
     * @param endpoints paths at which it can be asked for
     * @param contentParts types of parts that a message may have
     * @param responseFormats types of {@code response_format}
     * @param structuredOutputs fields of {@code structured_outputs}, each of which is also a parameter of its own
     * @param toolFormat how it writes its calls of functions; null: it has no format for them
     * @param reasoningFormat how it marks its reasoning; null: it does not
     * @param chatTemplateKwargs variables of its chat template that clients may set
     * @param parameters those that are obeyed, by the path of the endpoint; all others are refused unless they ask for what happens anyway
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    @Serdeable(naming = SnakeCaseStrategy.class)
    public record Capabilities(
            List<String> endpoints,
            List<String> inputModalities,
            List<String> outputModalities,
            List<String> contentParts,
            List<String> responseFormats,
            List<String> structuredOutputs,
            @Nullable String toolFormat,
            @Nullable String reasoningFormat,
            List<String> chatTemplateKwargs,
            Map<String, List<String>> parameters) {}
}
