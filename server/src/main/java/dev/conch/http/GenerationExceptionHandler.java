package dev.conch.http;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.FailureTrace;
import dev.conch.generation.GenerationException;
import dev.conch.openai.ErrorResponse;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers a failure of the house. Faults of this server are logged with the stack of their cause, mistakes of users are not. */
@Singleton
final class GenerationExceptionHandler implements ExceptionHandler<GenerationException, HttpResponse<ErrorResponse>> {
    private static final Logger LOG = LoggerFactory.getLogger(GenerationExceptionHandler.class);

    @Override
    public HttpResponse<ErrorResponse> handle(HttpRequest request, GenerationException error) {
        if (error.code().category() == ErrorCode.Category.INTERNAL) {
            LOG.error(
                    "{} {}: {}",
                    RequestIdFilter.idOf((HttpRequest<?>) request),
                    error.code(),
                    error.clientMessage(),
                    FailureTrace.of(error));
        }
        return ErrorMapper.response(error);
    }
}
