package dev.conch.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.util.List;

/**
 * A model that is served ({@code Model}).
 *
 * @param created when it was loaded, seconds since 1970
 * @param maxModelLen longest prompt and answer together, in tokens; not in OpenAI's schema, and read by many clients
 */
@Serdeable(naming = SnakeCaseStrategy.class)
public record Model(String id, String object, long created, String ownedBy, int maxModelLen) {

    public static final String OBJECT = "model";

    /** All models ({@code ListModelsResponse}). */
    @Serdeable
    public record Listing(@JsonProperty("object") String object, List<Model> data) {

        public Listing(List<Model> data) {
            this("list", data);
        }
    }
}
