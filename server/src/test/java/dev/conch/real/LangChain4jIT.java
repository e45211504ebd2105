package dev.conch.real;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.StreamingResponseHandler;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel.OpenAiChatModelBuilder;
import dev.langchain4j.model.openai.OpenAiChatResponseMetadata;
import dev.langchain4j.model.openai.OpenAiLanguageModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingLanguageModel;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** LangChain4j's own OpenAI client, unmodified. */
@ExtendWith(LiveServer.class)
class LangChain4jIT {
    private static final String QUESTION = "Why is the sea salty?";

    private static RealConch conch;

    @SuppressWarnings("NullAway.Init")
    LangChain4jIT() {}

    @BeforeAll
    static void find(RealConch liveConch) {
        conch = liveConch;
    }

    @Test
    void chats() {
        ChatResponse response = chatModel()
                .build()
                .chat(
                        SystemMessage.from("You are brief."),
                        UserMessage.from("Say hello."),
                        AiMessage.from("Hello."),
                        UserMessage.from(QUESTION));
        assertThat(response.aiMessage().text()).isNotBlank();
        assertThat(response.modelName()).isEqualTo(RealConch.MODEL);
        assertThat(response.id()).startsWith("chatcmpl-");
        assertThat(response.finishReason()).isIn(FinishReason.STOP, FinishReason.LENGTH);
        assertUsage(response.tokenUsage());
    }

    @Test
    void understandsWhatEndedAnAnswer() {
        OpenAiChatModel stopped = chatModel().stop(List.of(" ")).build();
        assertThat(stopped.chat(UserMessage.from(QUESTION)).finishReason()).isEqualTo(FinishReason.STOP);
        OpenAiChatModel cut = chatModel().maxCompletionTokens(2).build();
        assertThat(cut.chat(UserMessage.from(QUESTION)).finishReason()).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void takesEveryParameterThatTheServerHonours() {
        OpenAiChatModel model = chatModel()
                .topP(0.9)
                .seed(7)
                .presencePenalty(0.5)
                .frequencyPenalty(0.5)
                .user("ada")
                .metadata(Map.of("purpose", "test"))
                .store(false)
                .serviceTier("auto")
                .logprobs(true)
                .topLogprobs(2)
                .customParameters(Map.of("top_k", 40, "ignore_eos", true))
                .build();
        var metadata = (OpenAiChatResponseMetadata)
                model.chat(UserMessage.from(QUESTION)).metadata();
        assertThat(metadata.logProbs()).hasSize(8);
        assertThat(metadata.systemFingerprint()).isNotBlank();
    }

    @Test
    void streams() {
        var partials = new ConcurrentLinkedQueue<String>();
        var done = new CompletableFuture<ChatResponse>();
        streamingModel(RealConch.MODEL).chat(QUESTION, handler(partials, done));
        ChatResponse response = done.join();
        assertThat(String.join("", partials))
                .isNotBlank()
                .isEqualTo(response.aiMessage().text());
        assertThat(response.finishReason()).isIn(FinishReason.STOP, FinishReason.LENGTH);
        assertUsage(response.tokenUsage());
    }

    @Test
    void understandsRefusals() {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> chatModel().temperature(3.0).build().chat(QUESTION))
                .withMessageContaining("temperature");
        assertThatExceptionOfType(ModelNotFoundException.class)
                .isThrownBy(() -> chatModel().modelName("grand").build().chat(QUESTION))
                .withMessageContaining("model_not_found");
        assertThatExceptionOfType(AuthenticationException.class)
                .isThrownBy(() -> chatModel().apiKey("wrong").build().chat(QUESTION))
                .withMessageContaining("invalid_api_key");
    }

    @Test
    void understandsARefusalOfAStream() {
        var done = new CompletableFuture<ChatResponse>();
        streamingModel("grand").chat(QUESTION, handler(new ConcurrentLinkedQueue<>(), done));
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(done::join)
                .withCauseInstanceOf(ModelNotFoundException.class);
    }

    @Test
    void completes() {
        Response<String> response = OpenAiLanguageModel.builder()
                .baseUrl(conch.baseUrl())
                .apiKey(RealConch.API_KEY)
                .modelName(RealConch.MODEL)
                .temperature(0.0)
                .maxRetries(0)
                .build()
                .generate("The sea is");
        assertThat(response.content()).isNotEmpty();
        assertThat(requireNonNull(response.tokenUsage()).outputTokenCount()).isBetween(1, 16);
        assertThat(response.finishReason()).isIn(FinishReason.STOP, FinishReason.LENGTH);
    }

    @Test
    void streamsACompletion() {
        var partials = new ConcurrentLinkedQueue<String>();
        var done = new CompletableFuture<Response<String>>();
        OpenAiStreamingLanguageModel.builder()
                .baseUrl(conch.baseUrl())
                .apiKey(RealConch.API_KEY)
                .modelName(RealConch.MODEL)
                .temperature(0.0)
                .build()
                .generate("The sea is", new StreamingResponseHandler<>() {
                    @Override
                    public void onNext(String token) {
                        partials.add(token);
                    }

                    @Override
                    public void onComplete(Response<String> response) {
                        done.complete(response);
                    }

                    @Override
                    public void onError(Throwable error) {
                        done.completeExceptionally(error);
                    }
                });
        assertThat(done.join().content()).isNotEmpty().isEqualTo(String.join("", partials));
    }

    private static void assertUsage(TokenUsage usage) {
        assertThat(usage.inputTokenCount()).isGreaterThan(5);
        assertThat(usage.outputTokenCount()).isBetween(1, 8);
        assertThat(usage.totalTokenCount()).isEqualTo(usage.inputTokenCount() + usage.outputTokenCount());
    }

    private static OpenAiChatModelBuilder chatModel() {
        return OpenAiChatModel.builder()
                .baseUrl(conch.baseUrl())
                .apiKey(RealConch.API_KEY)
                .modelName(RealConch.MODEL)
                .maxCompletionTokens(8)
                .maxRetries(0);
    }

    private static OpenAiStreamingChatModel streamingModel(String name) {
        return OpenAiStreamingChatModel.builder()
                .baseUrl(conch.baseUrl())
                .apiKey(RealConch.API_KEY)
                .modelName(name)
                .maxCompletionTokens(8)
                .build();
    }

    private static StreamingChatResponseHandler handler(
            ConcurrentLinkedQueue<String> partials, CompletableFuture<ChatResponse> done) {
        return new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String partial) {
                partials.add(partial);
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                done.complete(response);
            }

            @Override
            public void onError(Throwable error) {
                done.completeExceptionally(error);
            }
        };
    }
}
