package dev.conch.http;

import dev.conch.http.openapi.ApiDocument;
import dev.conch.http.openapi.ApiPage;
import dev.conch.http.request.RequestLimits;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import java.nio.charset.StandardCharsets;

/** {@code GET /v1/openapi.yaml}, and the same as a page, {@code GET /v1/docs}. */
@Controller("/v1")
final class ApiDocumentController {
    private static final MediaType YAML = MediaType.of("application/yaml");
    private static final MediaType HTML = MediaType.of("text/html; charset=utf-8");

    private final byte[] yaml;
    private final byte[] html;
    private final String policy;

    ApiDocumentController(RequestLimits limits) {
        ApiDocument document = ApiDocument.of(limits);
        var page = new ApiPage(document.root());
        yaml = document.yaml().getBytes(StandardCharsets.UTF_8);
        html = page.html().getBytes(StandardCharsets.UTF_8);
        policy = page.contentSecurityPolicy();
    }

    @Get(uri = "/openapi.yaml", produces = MediaType.ALL)
    HttpResponse<byte[]> document() {
        return ok(yaml, YAML);
    }

    /** Loads nothing, and may be shown in no frame. */
    @Get(uri = "/docs", produces = MediaType.ALL)
    HttpResponse<byte[]> page() {
        return ok(html, HTML).header("Content-Security-Policy", policy).header("Referrer-Policy", "no-referrer");
    }

    private static MutableHttpResponse<byte[]> ok(byte[] body, MediaType type) {
        return HttpResponse.ok(body).contentType(type).header("X-Content-Type-Options", "nosniff");
    }
}
