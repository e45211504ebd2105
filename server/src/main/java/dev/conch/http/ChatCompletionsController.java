package dev.conch.http;

import dev.conch.http.request.ChatCompletionRequestReader;
import dev.conch.http.request.Endpoint;
import dev.conch.openai.ChatCompletionRequest;
import dev.conch.pipeline.ChatPipeline;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.ServerHttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import java.util.concurrent.CompletionStage;

/** {@code POST /v1/chat/completions}. Runs on the connection's event loop. */
@Controller("/v1/chat/completions")
final class ChatCompletionsController {
    private final ChatPipeline pipeline;
    private final RequestReading reading;

    ChatCompletionsController(ChatPipeline pipeline, RequestReading reading) {
        this.pipeline = pipeline;
        this.reading = reading;
    }

    /** Produces whatever the body asks for ({@code stream}); the Accept header of SDKs says nothing of it. */
    @Post(consumes = MediaType.APPLICATION_JSON, produces = MediaType.ALL)
    CompletionStage<? extends HttpResponse<?>> create(ServerHttpRequest<?> request) {
        var client = HttpConnection.of(request);
        return reading.read(
                request, client, Endpoint.CHAT, ChatCompletionRequestReader::read, chat -> answer(chat, client));
    }

    private CompletionStage<HttpResponse<?>> answer(ChatCompletionRequest request, HttpConnection client) {
        return pipeline.answer(request, client).thenApply(body -> AnswerResponses.of(body, request.output().stream()));
    }
}
