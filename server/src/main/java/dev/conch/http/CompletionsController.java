package dev.conch.http;

import dev.conch.http.request.CompletionRequestReader;
import dev.conch.http.request.Endpoint;
import dev.conch.openai.CompletionRequest;
import dev.conch.pipeline.CompletionPipeline;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.ServerHttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import java.util.concurrent.CompletionStage;

/** {@code POST /v1/completions}. Runs on the connection's event loop. */
@Controller("/v1/completions")
final class CompletionsController {
    private final CompletionPipeline pipeline;
    private final RequestReading reading;

    CompletionsController(CompletionPipeline pipeline, RequestReading reading) {
        this.pipeline = pipeline;
        this.reading = reading;
    }

    /** Produces whatever the body asks for ({@code stream}). */
    @Post(consumes = MediaType.APPLICATION_JSON, produces = MediaType.ALL)
    CompletionStage<? extends HttpResponse<?>> create(ServerHttpRequest<?> request) {
        var client = HttpConnection.of(request);
        return reading.read(
                request,
                client,
                Endpoint.COMPLETIONS,
                CompletionRequestReader::read,
                completion -> answer(completion, client));
    }

    private CompletionStage<HttpResponse<?>> answer(CompletionRequest request, HttpConnection client) {
        return pipeline.answer(request, client).thenApply(body -> AnswerResponses.of(body, request.output().stream()));
    }
}
