package dev.conch.http;

import dev.conch.openai.ErrorResponse;
import io.micronaut.core.annotation.Order;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;

/** Takes the body out of the answer to {@code OPTIONS}: Micronaut makes a 200 of a 405, and leaves the 405's words in it. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class OptionsFilter {

    @ResponseFilter
    @Order(FilterOrder.OPTIONS_ANSWER)
    void clear(HttpRequest<?> request, MutableHttpResponse<?> response) {
        if (request.getMethod() == HttpMethod.OPTIONS
                && response.status() == HttpStatus.OK
                && response.body() instanceof ErrorResponse) {
            response.body(null);
            response.getHeaders().remove(HttpHeaders.CONTENT_TYPE);
        }
    }
}
