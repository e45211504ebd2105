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

/** Answers what nobody thought of. The log gets its classes and stacks, and none of its words: they may be the client's. */
@Singleton
final class UnexpectedExceptionHandler implements ExceptionHandler<RuntimeException, HttpResponse<ErrorResponse>> {
    private static final Logger LOG = LoggerFactory.getLogger(UnexpectedExceptionHandler.class);

    @Override
    public HttpResponse<ErrorResponse> handle(HttpRequest request, RuntimeException failure) {
        LOG.error(
                "{} unexpected {}",
                RequestIdFilter.idOf((HttpRequest<?>) request),
                failure.getClass().getName(),
                FailureTrace.of(failure));
        return ErrorMapper.response(
                new GenerationException(ErrorCode.INTERNAL_ERROR, "The server failed to answer. It has been logged."));
    }
}
