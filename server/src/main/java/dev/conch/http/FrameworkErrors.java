package dev.conch.http;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.http.connection.Faults;
import dev.conch.openai.ErrorResponse;
import dev.conch.pipeline.IdSource;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import io.micronaut.http.server.netty.NettyHttpRequest;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Gives the errors that Micronaut finds by itself (no such path, no such method, body too large ...) OpenAI's shape. */
@Singleton
final class FrameworkErrors implements ErrorResponseProcessor<ErrorResponse> {

    private final IdSource ids;

    FrameworkErrors(IdSource ids) {
        this.ids = ids;
    }

    @Override
    public MutableHttpResponse<ErrorResponse> processResponse(ErrorContext context, MutableHttpResponse<?> response) {
        GenerationException error = error(context, response.status());
        MutableHttpResponse<ErrorResponse> mapped = ErrorMapper.response(error);
        keepHeader(HttpHeaders.ALLOW, response, mapped);
        // No filter sees what the codec could not read; where one does, it puts the exchange's own name here.
        mapped.header(RequestIdFilter.HEADER, RequestIdFilter.newId(ids));
        return mapped;
    }

    /** What the connection was given up for before the request could be read. */
    private static @Nullable GenerationException fault(HttpRequest<?> request) {
        return request instanceof NettyHttpRequest<?> netty
                        && netty.getNativeRequest().decoderResult().isFailure()
                ? Faults.of(netty.getChannelHandlerContext().channel())
                : null;
    }

    private static void keepHeader(String name, HttpResponse<?> from, MutableHttpResponse<?> to) {
        String value = from.getHeaders().get(name);
        if (value != null) {
            to.header(name, value);
        }
    }

    private static GenerationException error(ErrorContext context, HttpStatus status) {
        if (context.getRootCause().orElse(null) instanceof GenerationException error) {
            return error;
        }
        GenerationException fault = fault(context.getRequest());
        if (fault != null) {
            return fault;
        }
        String method = context.getRequest().getMethodName();
        return switch (status) {
            case NOT_FOUND -> new GenerationException(ErrorCode.UNKNOWN_URL, "There is nothing at this path.");
            case METHOD_NOT_ALLOWED ->
                new GenerationException(ErrorCode.METHOD_NOT_ALLOWED, "This path does not take " + method + ".");
            case UNSUPPORTED_MEDIA_TYPE -> ContentType.notJson();
            case REQUEST_ENTITY_TOO_LARGE -> RequestBodies.tooLarge();
            case REQUEST_URI_TOO_LONG ->
                new GenerationException(ErrorCode.URI_TOO_LONG, "The request line is longer than this server takes.");
            case REQUEST_HEADER_FIELDS_TOO_LARGE ->
                new GenerationException(ErrorCode.HEADERS_TOO_LARGE, "A header is larger than this server takes.");
            case BAD_REQUEST, NOT_ACCEPTABLE, EXPECTATION_FAILED ->
                new GenerationException(ErrorCode.BAD_REQUEST, "The request is malformed.");
            default ->
                new GenerationException(ErrorCode.INTERNAL_ERROR, "The server failed to answer. It has been logged.");
        };
    }
}
