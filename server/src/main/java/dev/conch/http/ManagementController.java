package dev.conch.http;

import dev.conch.pipeline.ModelControl;
import dev.conch.telemetry.MetricsPage;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The operator's door: figures, and the engine's models. {@link ListenerFilter} keeps it from the public one. */
@Controller
final class ManagementController {
    private final MetricsPage metrics;
    private final ModelControl models;

    ManagementController(MetricsPage metrics, ModelControl models) {
        this.metrics = metrics;
        this.models = models;
    }

    /** All figures, in Prometheus' text format. */
    @Get(uri = "/metrics", produces = MediaType.ALL)
    @ExecuteOn(TaskExecutors.BLOCKING)
    HttpResponse<String> metrics() {
        return HttpResponse.ok(metrics.text()).contentType(MediaType.of(metrics.contentType()));
    }

    /** What the engine has on its disk. */
    @Serdeable
    record Models(List<EngineModel> models) {}

    /** One version of a model on one replica of the engine. */
    @Serdeable
    record EngineModel(int replica, String name, String version, String state, String reason) {}

    @Get(uri = "/models", produces = MediaType.ALL)
    CompletionStage<HttpResponse<Models>> list() {
        return models.index()
                .thenApply(index -> json(new Models(
                        index.stream().map(ManagementController::model).toList())));
    }

    private static EngineModel model(ModelControl.State state) {
        return new EngineModel(state.replica(), state.name(), state.version(), state.state(), state.reason());
    }

    /** Answers when every replica has loaded the model. */
    @Post(uri = "/models/{name}/load", consumes = MediaType.ALL, produces = MediaType.ALL)
    CompletionStage<HttpResponse<Map<String, String>>> load(@PathVariable String name) {
        return models.load(name).thenApply(_ -> json(Map.of("model", name, "status", "loaded")));
    }

    /** Answers when every replica has taken note; the model ends what it is doing first. */
    @Post(uri = "/models/{name}/unload", consumes = MediaType.ALL, produces = MediaType.ALL)
    CompletionStage<HttpResponse<Map<String, String>>> unload(@PathVariable String name) {
        return models.unload(name).thenApply(_ -> json(Map.of("model", name, "status", "unloading")));
    }

    private static <T> HttpResponse<T> json(T body) {
        return HttpResponse.ok(body).contentType(MediaType.APPLICATION_JSON_TYPE);
    }
}
