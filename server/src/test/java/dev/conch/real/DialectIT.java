package dev.conch.real;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Constraints of dialects that are more than JSON between marks, some of each shape, given to the real engine: what the model then writes is
 * read as a call of the function. One model under many names, each with another format of calls.
 */
@ExtendWith(LiveServer.class)
class DialectIT {
    private static final Map<String, Object> PARAMETERS = Map.of(
            "type", "object",
            "properties",
                    Map.of(
                            "city", Map.of("$ref", "#/$defs/city"),
                            "days", Map.of("type", "integer", "minimum", 1, "maximum", 9),
                            "hourly", Map.of("type", "boolean"),
                            "unit", Map.of("const", "C & F")),
            "required", List.of("city", "days", "hourly", "unit"),
            "additionalProperties", false,
            "$defs", Map.of("city", Map.of("type", "string", "enum", List.of("São Paulo", "Oslo"))));

    /** In tokens; most of them are the tags, of which the tokenizer of another family makes many pieces. */
    private static final int LONGEST_CALL = 256;

    private static RealConch conch;
    private static OpenAIClient client;
    /** All are asked at once, so that the engine decodes several in each step. */
    private static Map<String, CompletableFuture<ChatCompletion>> answers;

    @SuppressWarnings("NullAway.Init")
    DialectIT() {}

    static List<String> dialects() {
        return List.of(
                "deepseek_v3",
                "deepseek_v32",
                "functionary_v31",
                "functionary_v32",
                "glm45",
                "harmony",
                "kimi_k2",
                "olmo3",
                "pythonic",
                "qwen3_coder",
                "step3");
    }

    @BeforeAll
    static void start(RealTriton triton, @TempDir Path folder) throws IOException {
        var config = new StringBuilder("models:\n");
        for (String dialect : dialects()) {
            config.append(
                    "  - { name: %s, folder: '%s', chat-format: smollm2, engine-model: tensorrt_llm, max-model-len: 4096, tool-format: %s }\n"
                            .formatted(dialect, Program.ROOT.resolve("models/" + RealConch.MODEL), dialect));
        }
        Path file = Files.writeString(folder.resolve("conch.yaml"), config);
        conch = new RealConch(triton.grpcPort(), Map.of("CONCH_CONFIG", file.toString()));
        client = OpenAIOkHttpClient.builder()
                .baseUrl(conch.baseUrl())
                .apiKey(RealConch.API_KEY)
                .maxRetries(0)
                .responseValidation(true)
                .build();
        answers = dialects().stream().collect(toMap(dialect -> dialect, DialectIT::ask));
    }

    @AfterAll
    static void stop() {
        client.close();
        conch.close();
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void whatTheEngineIsHeldToIsReadAsACall(String dialect) {
        ChatCompletion answer = Objects.requireNonNull(answers.get(dialect)).join();
        ChatCompletion.Choice choice = answer.choices().getFirst();
        assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
        assertThat(choice.message().content()).isEmpty();
        ChatCompletionMessageFunctionToolCall call =
                choice.message().toolCalls().orElseThrow().getFirst().asFunction();
        assertThat(call.function().name()).isEqualTo("get_weather");
        Forecast asked = call.function().arguments(Forecast.class);
        assertThat(asked.city).isIn("São Paulo", "Oslo");
        assertThat(asked.days).isBetween(1, 9);
        assertThat(asked.unit).isEqualTo("C & F");
    }

    private static CompletableFuture<ChatCompletion> ask(String dialect) {
        return client.async()
                .chat()
                .completions()
                .create(ChatCompletionCreateParams.builder()
                        .model(dialect)
                        .addUserMessage("What is the weather?")
                        .addFunctionTool(FunctionDefinition.builder()
                                .name("get_weather")
                                .parameters(parameters())
                                .build())
                        .toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED)
                        .parallelToolCalls(false)
                        .temperature(1)
                        .maxCompletionTokens(LONGEST_CALL)
                        .build());
    }

    /** The arguments. */
    static final class Forecast {
        public String city = "";
        public int days;
        public boolean hourly;
        public String unit = "";
    }

    private static FunctionParameters parameters() {
        var parameters = FunctionParameters.builder();
        PARAMETERS.forEach((name, value) -> parameters.putAdditionalProperty(name, JsonValue.from(value)));
        return parameters.build();
    }
}
