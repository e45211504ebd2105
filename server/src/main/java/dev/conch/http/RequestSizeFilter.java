package dev.conch.http;

import dev.conch.http.connection.ConnectionLimits;
import dev.conch.http.connection.Faults;
import io.micronaut.core.annotation.Order;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.util.List;
import java.util.Map;

/** The limits of a request's head over HTTP/2; over HTTP/1.1 they are kept before it gets here. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class RequestSizeFilter {
    private static final int BYTES_BESIDES = 4;

    @RequestFilter
    @Order(FilterOrder.REQUEST_SIZE)
    void check(HttpRequest<?> request) {
        if (request.getUri().toString().length() > ConnectionLimits.MAX_TARGET_BYTES) {
            throw Faults.targetTooLong();
        }
        HttpHeaders headers = request.getHeaders();
        int count = 0;
        int bytes = 0;
        for (Map.Entry<String, List<String>> header : headers) {
            for (String value : header.getValue()) {
                count++;
                bytes += header.getKey().length() + value.length() + BYTES_BESIDES;
            }
        }
        // Two more than the client sent: Netty notes the stream and the scheme among the headers.
        if (count > ConnectionLimits.MAX_HEADERS + 2 || bytes > ConnectionLimits.MAX_HEADER_BYTES) {
            throw Faults.headersTooLarge();
        }
    }
}
