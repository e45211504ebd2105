package dev.conch.http;

import dev.conch.pipeline.Readiness;
import dev.conch.telemetry.HeapPressure;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The two probes: whether this process lives, and whether it can do its work. */
@Controller
final class HealthController {
    static final String LIVE = "/health";
    static final String READY = "/ready";
    private static final String IS_READY = "ready";

    private final Readiness readiness;
    private final Drain drain;
    private final HeapPressure heap;

    HealthController(Readiness readiness, Drain drain, HeapPressure heap) {
        this.readiness = readiness;
        this.drain = drain;
        this.heap = heap;
    }

    /** Answers as long as the event loop does; never asks the engine. */
    @Get(uri = LIVE, produces = MediaType.ALL)
    HttpResponse<Map<String, String>> live() {
        return HttpResponse.ok(Map.of("status", "ok")).contentType(MediaType.APPLICATION_JSON_TYPE);
    }

    /**
     * 200 if every model can be served, the heap is not all but full and the server is not about to end, else 503; which of them can is in
     * the body.
     *
     * @param model the only one that is asked for; null: all
     */
    @Get(uri = READY, produces = MediaType.ALL)
    CompletionStage<HttpResponse<Map<String, Object>>> ready(@Nullable @QueryValue String model) {
        return (model == null ? readiness.models() : readiness.model(model)).thenApply(this::answer);
    }

    private String status(Map<String, Boolean> models) {
        if (!drain.isOpen()) {
            return "shutting down";
        }
        if (heap.critical()) {
            return "heap full";
        }
        return models.containsValue(false) ? "not ready" : IS_READY;
    }

    private HttpResponse<Map<String, Object>> answer(Map<String, Boolean> models) {
        String status = status(models);
        Map<String, Object> body = new TreeMap<>();
        body.put("models", models);
        body.put("status", status);
        return HttpResponse.<Map<String, Object>>status(
                        status.equals(IS_READY) ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
                .body(body)
                .contentType(MediaType.APPLICATION_JSON_TYPE);
    }
}
