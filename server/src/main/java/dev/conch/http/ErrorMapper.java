package dev.conch.http;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.openai.ErrorResponse;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import java.util.concurrent.ThreadLocalRandom;

/** The one mapper from a failure to what OpenAI's SDKs understand. */
final class ErrorMapper {
    /** Clients that were turned away come back spread over this time. */
    private static final int MIN_RETRY_AFTER_MILLIS = 1_000;

    private static final int MAX_RETRY_AFTER_MILLIS = 10_000;
    private static final int MILLIS_PER_SECOND = 1_000;
    private static final String RETRY_AFTER_MILLIS = "retry-after-ms";
    private static final String SHOULD_RETRY = "x-should-retry";

    private ErrorMapper() {}

    static MutableHttpResponse<ErrorResponse> response(GenerationException error) {
        MutableHttpResponse<ErrorResponse> response = HttpResponse.status(status(error.code()))
                .<ErrorResponse>body(body(error))
                .contentType(MediaType.APPLICATION_JSON_TYPE);
        if (error.code() == ErrorCode.INVALID_API_KEY) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        switch (retry(error.code())) {
            case LATER -> retryLater(response);
            case NEVER -> response.header(SHOULD_RETRY, "false");
            case AS_THE_STATUS_SAYS -> {}
        }
        if (endsTheConnection(error.code())) {
            response.header(HttpHeaders.CONNECTION, "close");
        }
        return response;
    }

    /** What OpenAI's SDKs should do; left to themselves they try again after 408, 409, 429 and 5xx. */
    private enum Retry {
        AS_THE_STATUS_SAYS,
        LATER,
        /** The same request would fail again, or cost the engine as much again. */
        NEVER
    }

    private static Retry retry(ErrorCode code) {
        return switch (status(code)) {
            case SERVICE_UNAVAILABLE -> Retry.LATER;
            case INTERNAL_SERVER_ERROR, GATEWAY_TIMEOUT -> Retry.NEVER;
            default -> code == ErrorCode.CLIENT_TOO_SLOW ? Retry.NEVER : Retry.AS_THE_STATUS_SAYS;
        };
    }

    private static void retryLater(MutableHttpResponse<?> response) {
        int millis = ThreadLocalRandom.current().nextInt(MIN_RETRY_AFTER_MILLIS, MAX_RETRY_AFTER_MILLIS + 1);
        response.header(HttpHeaders.RETRY_AFTER, Integer.toString(Math.ceilDiv(millis, MILLIS_PER_SECOND)));
        response.header(RETRY_AFTER_MILLIS, Integer.toString(millis));
        response.header(SHOULD_RETRY, "true");
    }

    /** What comes next on such a connection is not read, or is better sent to another server. HTTP/2 has no such header; it is left out there. */
    private static boolean endsTheConnection(ErrorCode code) {
        return switch (code) {
            case BAD_REQUEST, CONTENT_TOO_LARGE, URI_TOO_LONG, HEADERS_TOO_LARGE, REQUEST_TIMEOUT, SHUTTING_DOWN ->
                true;
            default -> false;
        };
    }

    static ErrorResponse body(GenerationException error) {
        return new ErrorResponse(new ErrorResponse.ErrorObject(
                error.clientMessage(),
                type(error.code()),
                error.param(),
                error.code().wireName()));
    }

    static HttpStatus status(ErrorCode code) {
        return switch (code) {
            case INVALID_API_KEY -> HttpStatus.UNAUTHORIZED;
            case MODEL_NOT_FOUND, UNKNOWN_URL -> HttpStatus.NOT_FOUND;
            case METHOD_NOT_ALLOWED -> HttpStatus.METHOD_NOT_ALLOWED;
            case UNSUPPORTED_MEDIA_TYPE, UNSUPPORTED_ENCODING -> HttpStatus.UNSUPPORTED_MEDIA_TYPE;
            case CONTENT_TOO_LARGE -> HttpStatus.REQUEST_ENTITY_TOO_LARGE;
            case URI_TOO_LONG -> HttpStatus.REQUEST_URI_TOO_LONG;
            case HEADERS_TOO_LARGE -> HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
            case MODEL_BUSY -> HttpStatus.CONFLICT;
            case CLIENT_TOO_SLOW, REQUEST_TIMEOUT -> HttpStatus.REQUEST_TIMEOUT;
            case OVERLOADED, SHUTTING_DOWN, NO_HEALTHY_BACKEND, UPSTREAM_INTERRUPTED -> HttpStatus.SERVICE_UNAVAILABLE;
            case TIMEOUT, UPSTREAM_TIMEOUT -> HttpStatus.GATEWAY_TIMEOUT;
            case BAD_UPSTREAM_RESPONSE -> HttpStatus.BAD_GATEWAY;
            case UPSTREAM_REJECTED, TEMPLATE_ERROR, INTERNAL_ERROR -> HttpStatus.INTERNAL_SERVER_ERROR;
            case INVALID_JSON,
                    JSON_TOO_COMPLEX,
                    INVALID_TYPE,
                    INVALID_VALUE,
                    INTEGER_ABOVE_MAX_VALUE,
                    ARRAY_ABOVE_MAX_LENGTH,
                    STRING_ABOVE_MAX_LENGTH,
                    MISSING_REQUIRED_PARAMETER,
                    UNSUPPORTED_PARAMETER,
                    UNKNOWN_PARAMETER,
                    UNSUPPORTED_CONTENT,
                    INVALID_MESSAGES,
                    INVALID_JSON_SCHEMA,
                    INVALID_GRAMMAR,
                    GRAMMAR_TOO_COMPLEX,
                    CONTEXT_LENGTH_EXCEEDED,
                    REQUEST_TOO_LARGE,
                    BAD_REQUEST -> HttpStatus.BAD_REQUEST;
        };
    }

    private static String type(ErrorCode code) {
        return code.category() == ErrorCode.Category.USER ? "invalid_request_error" : "server_error";
    }
}
