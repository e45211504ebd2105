package dev.conch.http;

import dev.conch.pipeline.Readiness;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/** The two probes: whether this process lives, and whether it can do its work. */
@Controller
final class HealthController {
    static final String LIVE = "/health";
    static final String READY = "/ready";

    private final Readiness readiness;
    private final Drain drain;

    HealthController(Readiness readiness, Drain drain) {
        this.readiness = readiness;
        this.drain = drain;
    }

    /** Answers as long as the event loop does; never asks the engine. */
    @Get(uri = LIVE, produces = MediaType.ALL)
    HttpResponse<Map<String, String>> live() {
        return HttpResponse.ok(Map.of("status", "ok")).contentType(MediaType.APPLICATION_JSON_TYPE);
    }

    /** 200 if every model can be served and the server is not about to end, else 503; which of them can is in the body. */
    @Get(uri = READY, produces = MediaType.ALL)
    CompletionStage<HttpResponse<Map<String, Object>>> ready() {
        return readiness.models().thenApply(this::answer);
    }

    private HttpResponse<Map<String, Object>> answer(Map<String, Boolean> models) {
        boolean ready = drain.isOpen() && !models.containsValue(false);
        Map<String, Object> body = new TreeMap<>();
        body.put("models", models);
        body.put("status", ready ? "ready" : drain.isOpen() ? "not ready" : "shutting down");
        return HttpResponse.<Map<String, Object>>status(ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
                .body(body)
                .contentType(MediaType.APPLICATION_JSON_TYPE);
    }
}
