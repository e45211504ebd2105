package dev.conch.http;

import dev.conch.openai.ChatCompletionRequest;
import dev.conch.pipeline.ChatPipeline;
import dev.conch.pipeline.PromptWorkers;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.ServerHttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.body.CloseableAvailableByteBody;
import java.util.concurrent.CompletionStage;

/** {@code POST /v1/chat/completions}. Runs on the connection's event loop. */
@Controller("/v1/chat/completions")
final class ChatCompletionsController {
    private final ChatPipeline pipeline;
    private final PromptWorkers workers;

    ChatCompletionsController(ChatPipeline pipeline, PromptWorkers workers) {
        this.pipeline = pipeline;
        this.workers = workers;
    }

    /** Produces whatever the body asks for ({@code stream}); the Accept header of SDKs says nothing of it. */
    @Post(consumes = MediaType.APPLICATION_JSON, produces = MediaType.ALL)
    CompletionStage<? extends HttpResponse<?>> create(ServerHttpRequest<?> request) {
        var client = HttpConnection.of(request);
        return request.byteBody()
                .buffer()
                .thenCompose(body -> read(body, client))
                .thenCompose(chat -> answer(chat, client));
    }

    private CompletionStage<ChatCompletionRequest> read(CloseableAvailableByteBody body, HttpConnection client) {
        byte[] bytes = body.toByteArray();
        // Reading is so much cheaper than rendering and encoding that a small piece of work has more bytes here than
        // characters there.
        return workers.run(bytes.length / 16, () -> ChatCompletionRequestReader.read(bytes), client.eventLoop());
    }

    private CompletionStage<HttpResponse<?>> answer(ChatCompletionRequest request, HttpConnection client) {
        return pipeline.answer(request, client)
                .thenApply(body -> request.output().stream()
                        ? eventStream(body)
                        : HttpResponse.ok(body).contentType(MediaType.APPLICATION_JSON_TYPE));
    }

    /** Proxies must neither keep nor gather the events. */
    private static MutableHttpResponse<?> eventStream(Object body) {
        return HttpResponse.ok(body)
                .contentType(MediaType.TEXT_EVENT_STREAM_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                .header("X-Accel-Buffering", "no");
    }
}
