package dev.conch.http;

import dev.conch.http.request.DetokenizeRequestReader;
import dev.conch.http.request.Endpoint;
import dev.conch.http.request.TokenizeRequestReader;
import dev.conch.pipeline.PromptPipeline;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.ServerHttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import java.util.concurrent.CompletionStage;

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
        var client = HttpConnection.of(request);
        return reading.read(request, client, Endpoint.TOKENIZE, TokenizeRequestReader::read)
                .thenCompose(tokenize -> pipeline.tokenize(tokenize, client))
                .thenApply(AnswerResponses::json);
    }

    @Post(
            uris = {"/detokenize", "/v1/detokenize"},
            consumes = MediaType.APPLICATION_JSON,
            produces = MediaType.ALL)
    CompletionStage<? extends HttpResponse<?>> detokenize(ServerHttpRequest<?> request) {
        var client = HttpConnection.of(request);
        return reading.read(request, client, Endpoint.DETOKENIZE, DetokenizeRequestReader::read)
                .thenCompose(detokenize -> pipeline.detokenize(detokenize, client))
                .thenApply(AnswerResponses::json);
    }
}
