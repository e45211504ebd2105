package dev.conch.http;

import dev.conch.model.ModelCard;
import dev.conch.model.ModelCatalog;
import dev.conch.openai.Model;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;

/** {@code GET /v1/models} and {@code GET /v1/models/{id}}. */
@Controller("/v1/models")
final class ModelsController {
    private static final String OWNER = "conch";

    private final ModelCatalog catalog;

    ModelsController(ModelCatalog catalog) {
        this.catalog = catalog;
    }

    @Get(produces = MediaType.ALL)
    Model.Listing list() {
        return new Model.Listing(
                catalog.all().stream().map(ModelsController::model).toList());
    }

    /** Names may have slashes in them, as on model hubs. */
    @Get(uri = "/{+name}", produces = MediaType.ALL)
    Model get(@PathVariable String name) {
        return model(catalog.get(name));
    }

    private static Model model(ModelCard card) {
        return new Model(card.name(), Model.OBJECT, card.loadedAt().getEpochSecond(), OWNER, card.maxModelLen());
    }
}
