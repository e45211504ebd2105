package dev.conch.http;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.json.JsonMapper;
import io.micronaut.web.router.RouteAttributes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Gives an answer to {@code HEAD} the type and length that the body would have, which Micronaut then leaves out. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class HeadFilter {
    private final JsonMapper json;

    HeadFilter(JsonMapper json) {
        this.json = json;
    }

    @ResponseFilter
    void describe(HttpRequest<?> request, MutableHttpResponse<?> response) throws IOException {
        Object body = RouteAttributes.getHeadBody(response).orElse(response.body());
        if (request.getMethod() == HttpMethod.HEAD && body != null) {
            if (response.getContentType().isEmpty()) {
                response.contentType(MediaType.APPLICATION_JSON_TYPE);
            }
            response.header(HttpHeaders.CONTENT_LENGTH, Integer.toString(bytes(body).length));
        }
    }

    private byte[] bytes(Object body) throws IOException {
        return switch (body) {
            case byte[] bytes -> bytes;
            case String text -> text.getBytes(StandardCharsets.UTF_8);
            default -> json.writeValueAsBytes(body);
        };
    }
}
