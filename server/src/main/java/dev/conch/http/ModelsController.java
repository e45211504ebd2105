package dev.conch.http;

import dev.conch.model.ModelCard;
import dev.conch.model.ModelCatalog;
import dev.conch.openai.Model;
import dev.conch.pipeline.ModelInspection;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/models} and {@code GET /v1/models/{id}}. */
@Controller("/v1/models")
final class ModelsController {
    private static final String OWNER = "conch";

    private final ModelCatalog catalog;
    private final ModelInspection inspection;

    ModelsController(ModelCatalog catalog, ModelInspection inspection) {
        this.catalog = catalog;
        this.inspection = inspection;
    }

    @Get(produces = MediaType.ALL)
    Model.Listing list() {
        return new Model.Listing(
                catalog.all().stream().map(card -> model(card, null)).toList());
    }

    /** Names may have slashes in them, as on model hubs. */
    @Get(uri = "/{+name}", produces = MediaType.ALL)
    CompletionStage<Model> get(@PathVariable String name) {
        ModelCard card = catalog.get(name);
        return inspection
                .features(card)
                .thenApply(features ->
                        model(card, features.map(CapabilityDocument::of).orElse(null)));
    }

    private static Model model(ModelCard card, Model.@Nullable Capabilities capabilities) {
        return new Model(
                card.name(), Model.OBJECT, card.loadedAt().getEpochSecond(), OWNER, card.maxModelLen(), capabilities);
    }
}
