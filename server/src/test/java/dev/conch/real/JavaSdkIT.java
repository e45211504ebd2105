package dev.conch.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientAsync;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.client.okhttp.OpenAIOkHttpClientAsync;
import com.openai.core.JsonValue;
import com.openai.core.http.HttpResponseFor;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** OpenAI's own client for Java, which holds every answer to OpenAI's schema here. */
@ExtendWith(LiveServer.class)
class JavaSdkIT {
    private static final String PROMPT = "The sea is";

    private static RealConch conch;
    private static OpenAIClient client;
    private static OpenAIClientAsync asyncClient;

    @SuppressWarnings("NullAway.Init")
    JavaSdkIT() {}

    @BeforeAll
    static void start(RealConch liveConch) {
        conch = liveConch;
        client = OpenAIOkHttpClient.builder()
                .baseUrl(conch.baseUrl())
                .apiKey(RealConch.API_KEY)
                .maxRetries(0)
                .responseValidation(true)
                .build();
        asyncClient = OpenAIOkHttpClientAsync.builder()
                .baseUrl(conch.baseUrl())
                .apiKey(RealConch.API_KEY)
                .maxRetries(0)
                .responseValidation(true)
                .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        asyncClient.close();
    }

    @Test
    void answersAtOnce() {
        ChatCompletion answer = client.chat().completions().create(chat().build());
        assertThat(answer.id()).startsWith("chatcmpl-");
        assertThat(answer.model()).isEqualTo(RealConch.MODEL);
        assertThat(answer.choices()).hasSize(1);
        assertThat(text(answer, 0)).isNotBlank();
        assertThat(answer.usage().orElseThrow().promptTokens()).isGreaterThan(5);
        assertThat(answer.usage().orElseThrow().completionTokens()).isBetween(1L, 8L);
        assertThat(answer.usage()
                        .orElseThrow()
                        .promptTokensDetails()
                        .orElseThrow()
                        .cachedTokens())
                .isPresent();
    }

    @Test
    void accumulatesAStream() {
        var accumulator = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> chunks =
                client.chat().completions().createStreaming(withUsage(chat()).build())) {
            chunks.stream().forEach(chunk -> accumulator.accumulate(chunk.validate()));
        }
        ChatCompletion answer = accumulator.chatCompletion();
        assertThat(text(answer, 0)).isNotBlank();
        assertThat(answer.usage().orElseThrow().completionTokens()).isBetween(1L, 8L);
    }

    @Test
    void accumulatesChoicesWithLogprobs() {
        var accumulator = ChatCompletionAccumulator.create();
        ChatCompletionCreateParams params = withUsage(chat())
                .n(2)
                .temperature(1.5)
                .logprobs(true)
                .topLogprobs(2)
                .build();
        try (StreamResponse<ChatCompletionChunk> chunks =
                client.chat().completions().createStreaming(params)) {
            chunks.stream().forEach(chunk -> accumulator.accumulate(chunk.validate()));
        }
        ChatCompletion answer = accumulator.chatCompletion();
        assertThat(answer.choices()).hasSize(2).allSatisfy(choice -> {
            assertThat(choice.message().content()).isPresent();
            assertThat(choice.logprobs().orElseThrow().content().orElseThrow())
                    .isNotEmpty()
                    .allSatisfy(token -> assertThat(token.topLogprobs()).hasSize(2));
        });
    }

    @Test
    void answersAnAsyncClient() {
        List<CompletableFuture<ChatCompletion>> answers = Stream.generate(
                        () -> asyncClient.chat().completions().create(chat().build()))
                .limit(4)
                .toList();
        assertThat(answers)
                .allSatisfy(answer -> assertThat(text(answer.join(), 0)).isNotBlank());
    }

    @Test
    void streamsToAnAsyncClient() {
        var accumulator = ChatCompletionAccumulator.create();
        asyncClient
                .chat()
                .completions()
                .createStreaming(chat().build())
                .subscribe(accumulator::accumulate)
                .onCompleteFuture()
                .join();
        assertThat(text(accumulator.chatCompletion(), 0)).isNotBlank();
    }

    @Test
    void takesExtensions() {
        ChatCompletion answer = client.chat()
                .completions()
                .create(chat().putAdditionalBodyProperty("top_k", JsonValue.from(5))
                        .putAdditionalBodyProperty("ignore_eos", JsonValue.from(true))
                        .build());
        assertThat(answer.usage().orElseThrow().completionTokens()).isEqualTo(8);
    }

    @Test
    void tellsHeaders() {
        try (HttpResponseFor<ChatCompletion> answer =
                client.withRawResponse().chat().completions().create(chat().build())) {
            assertThat(answer.requestId().orElseThrow()).startsWith("req_");
            assertThat(answer.headers().values("openai-processing-ms"))
                    .singleElement()
                    .satisfies(value -> assertThat(Long.parseLong(value)).isNotNegative());
        }
    }

    @Test
    void completesTexts() {
        Completion answer = client.completions()
                .create(completion()
                        .promptOfArrayOfStrings(List.of(PROMPT, "A river has"))
                        .n(2)
                        .logprobs(2)
                        .build());
        assertThat(answer.id()).startsWith("cmpl-");
        assertThat(answer.choices()).hasSize(4).allSatisfy(choice -> {
            assertThat(choice.text()).isNotEmpty();
            assertThat(String.join("", choice.logprobs().orElseThrow().tokens().orElseThrow()))
                    .isEqualTo(choice.text());
        });
        assertThat(answer.usage().orElseThrow().completionTokens()).isBetween(4L, 32L);
    }

    /** Not held to the schema, which has no other form for the chunks than that of the single answer, with a finish reason in each. */
    @Test
    void streamsACompletion() {
        OpenAIClient lenient = client.withOptions(options -> options.responseValidation(false));
        try (StreamResponse<Completion> chunks = lenient.completions()
                .createStreaming(completion().prompt(PROMPT).build())) {
            String streamed = String.join(
                    "",
                    chunks.stream()
                            .flatMap(chunk -> chunk.choices().stream())
                            .map(choice -> choice.text())
                            .toList());
            Completion single =
                    client.completions().create(completion().prompt(PROMPT).build());
            assertThat(streamed).isEqualTo(single.choices().getFirst().text());
        }
    }

    @Test
    void understandsRefusals() {
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() ->
                        client.chat().completions().create(chat().model("grand").build()))
                .satisfies(error -> assertThat(error.code()).contains("model_not_found"));
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> client.chat()
                        .completions()
                        .create(chat().temperature(3.0).build()))
                .satisfies(error -> assertThat(error.param()).contains("temperature"));
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> client.completions()
                        .create(completion().prompt(PROMPT).suffix(".").build()))
                .satisfies(error -> assertThat(error.param()).contains("suffix"));
    }

    @Test
    void understandsARefusalOfAStream() {
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() ->
                        client.chat().completions().createStreaming(chat().n(17).build()))
                .satisfies(error -> assertThat(error.code()).contains("integer_above_max_value"));
    }

    @Test
    void isTurnedAwayWithAWrongKey() {
        OpenAIClient stranger = client.withOptions(options -> options.apiKey("wrong"));
        assertThatExceptionOfType(UnauthorizedException.class)
                .isThrownBy(() -> stranger.models().list())
                .satisfies(error -> assertThat(error.code()).contains("invalid_api_key"));
    }

    private static String text(ChatCompletion answer, int choice) {
        return answer.choices().get(choice).message().content().orElseThrow();
    }

    private static ChatCompletionCreateParams.Builder withUsage(ChatCompletionCreateParams.Builder params) {
        return params.streamOptions(
                ChatCompletionStreamOptions.builder().includeUsage(true).build());
    }

    private static ChatCompletionCreateParams.Builder chat() {
        return ChatCompletionCreateParams.builder()
                .model(RealConch.MODEL)
                .addUserMessage("Say hello.")
                .maxCompletionTokens(8);
    }

    private static CompletionCreateParams.Builder completion() {
        return CompletionCreateParams.builder()
                .model(RealConch.MODEL)
                .temperature(0.0)
                .maxTokens(8);
    }
}
