package dev.conch.http;

import dev.conch.http.request.ChatCompletionRequestReader;
import dev.conch.http.request.Endpoint;
import dev.conch.pipeline.PromptPipeline;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.ServerHttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import java.util.concurrent.CompletionStage;

/** {@code POST /v1/chat/completions/render}: the prompt of a chat, and nothing generated. Runs on the connection's event loop. */
@Controller("/v1/chat/completions/render")
final class RenderController {
    private final PromptPipeline pipeline;
    private final RequestReading reading;

    RenderController(PromptPipeline pipeline, RequestReading reading) {
        this.pipeline = pipeline;
        this.reading = reading;
    }

    /** Takes what a chat takes. */
    @Post(consumes = MediaType.APPLICATION_JSON, produces = MediaType.ALL)
    CompletionStage<? extends HttpResponse<?>> render(ServerHttpRequest<?> request) {
        var client = HttpConnection.of(request);
        return reading.read(
                        request,
                        client,
                        Endpoint.RENDER,
                        ChatCompletionRequestReader::read,
                        chat -> pipeline.render(chat, client))
                .thenApply(AnswerResponses::json);
    }
}
