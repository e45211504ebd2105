package dev.conch.http;

import dev.conch.http.request.DetokenizeRequestReader;
import dev.conch.http.request.Endpoint;
import dev.conch.http.request.RequestParameters;
import dev.conch.http.request.TokenizeRequestReader;
import dev.conch.pipeline.ClientConnection;
import dev.conch.pipeline.PromptPipeline;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.ServerHttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;

/** {@code POST /tokenize} and {@code POST /detokenize}, also under {@code /v1}. Runs on the connection's event loop. */
@Controller
final class TokenizeController {
    private final PromptPipeline pipeline;
    private final RequestReading reading;

    TokenizeController(PromptPipeline pipeline, RequestReading reading) {
        this.pipeline = pipeline;
        this.reading = reading;
    }

    @Post(
            uris = {"/tokenize", "/v1/tokenize"},
            consumes = MediaType.APPLICATION_JSON,
            produces = MediaType.ALL)
    CompletionStage<? extends HttpResponse<?>> tokenize(ServerHttpRequest<?> request) {
        return answer(request, Endpoint.TOKENIZE, TokenizeRequestReader::read, pipeline::tokenize);
    }

    @Post(
            uris = {"/detokenize", "/v1/detokenize"},
            consumes = MediaType.APPLICATION_JSON,
            produces = MediaType.ALL)
    CompletionStage<? extends HttpResponse<?>> detokenize(ServerHttpRequest<?> request) {
        return answer(request, Endpoint.DETOKENIZE, DetokenizeRequestReader::read, pipeline::detokenize);
    }

    private <T, R> CompletionStage<? extends HttpResponse<?>> answer(
            ServerHttpRequest<?> request,
            Endpoint endpoint,
            Function<RequestParameters, T> reader,
            BiFunction<T, ClientConnection, CompletionStage<R>> walk) {
        var client = HttpConnection.of(request);
        return reading.read(request, client, endpoint, reader, read -> walk.apply(read, client))
                .thenApply(AnswerResponses::json);
    }
}
