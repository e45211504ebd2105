package dev.conch.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import com.openai.models.chat.completions.ChatCompletionNamedToolChoice;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.output.FinishReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Calls of functions and answers of a form, at temperature 1, through OpenAI's client for Java and LangChain4j's. */
@ExtendWith(LiveServer.class)
class JavaToolsIT {
    private static final String QUESTION = "Why is the sea salty?";

    private static RealConch conch;
    private static OpenAIClient client;

    @SuppressWarnings("NullAway.Init")
    JavaToolsIT() {}

    @BeforeAll
    static void start(RealConch liveConch) {
        conch = liveConch;
        client = OpenAIOkHttpClient.builder()
                .baseUrl(conch.baseUrl())
                .apiKey(RealConch.API_KEY)
                .maxRetries(0)
                .responseValidation(true)
                .build();
    }

    /** A function's arguments. */
    @JsonClassDescription("The weather of a place.")
    static final class GetWeather {
        @JsonPropertyDescription("Which half of the world.")
        public Half half = Half.NORTH;

        public boolean tomorrow;

        /** Enough of a place for a test. */
        enum Half {
            NORTH,
            SOUTH
        }
    }

    /** The form of an answer. */
    static final class Verdict {
        public boolean guilty;
        public GetWeather weather = new GetWeather();
    }

    @Repeats
    void callsWithAClass() {
        ChatCompletion answer = client.chat()
                .completions()
                .create(chat().addTool(GetWeather.class)
                        .toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED)
                        .parallelToolCalls(false)
                        .build());
        assertCall(answer);
    }

    @Repeats
    void streamsTheCallThatIsNamed() {
        var accumulator = ChatCompletionAccumulator.create();
        ChatCompletionCreateParams params = chat().addTool(GetWeather.class)
                .toolChoice(ChatCompletionNamedToolChoice.builder()
                        .function(ChatCompletionNamedToolChoice.Function.builder()
                                .name("GetWeather")
                                .build())
                        .build())
                .parallelToolCalls(false)
                .build();
        try (var chunks = client.chat().completions().createStreaming(params)) {
            chunks.stream().forEach(chunk -> accumulator.accumulate(chunk.validate()));
        }
        assertCall(accumulator.chatCompletion());
    }

    private static void assertCall(ChatCompletion answer) {
        ChatCompletion.Choice choice = answer.choices().getFirst();
        assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
        List<ChatCompletionMessageToolCall> calls = choice.message().toolCalls().orElseThrow();
        assertThat(calls).hasSize(1);
        ChatCompletionMessageFunctionToolCall call = calls.getFirst().asFunction();
        assertThat(call.function().name()).isEqualTo("GetWeather");
        assertThat(call.function().arguments(GetWeather.class).half).isNotNull();
    }

    @Repeats
    void answersWithAClass() {
        Verdict verdict = client.chat()
                .completions()
                .create(chat().responseFormat(Verdict.class).build())
                .choices()
                .getFirst()
                .message()
                .content()
                .orElseThrow();
        assertThat(verdict.weather.half).isNotNull();
    }

    private static ChatCompletionCreateParams.Builder chat() {
        return ChatCompletionCreateParams.builder()
                .model(RealConch.MODEL)
                .addUserMessage(QUESTION)
                .temperature(1)
                .maxCompletionTokens(200);
    }

    @Repeats
    void langChain4jCalls() {
        ChatResponse response = callWithLangChain4j();
        assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
        List<ToolExecutionRequest> calls = response.aiMessage().toolExecutionRequests();
        assertThat(calls).isNotEmpty().allSatisfy(call -> {
            assertThat(call.name()).isEqualTo("get_weather");
            assertThat(call.id()).isNotBlank();
            assertThat(call.arguments()).matches("\\{\"half\":\\s?\"(north|south)\"\\}");
        });
    }

    @Test
    void langChain4jGivesResultsBack() {
        AiMessage called = callWithLangChain4j().aiMessage();
        List<ToolExecutionResultMessage> results = called.toolExecutionRequests().stream()
                .map(call -> ToolExecutionResultMessage.from(call, "12 °C"))
                .toList();
        var messages = new ArrayList<ChatMessage>(List.of(UserMessage.from(QUESTION), called));
        messages.addAll(results);
        ChatResponse response =
                langChain4j().chat(ChatRequest.builder().messages(messages).build());
        assertThat(response.aiMessage().text()).isNotBlank();
    }

    @Repeats
    void langChain4jGetsTheFormThatItAsksFor() {
        JsonSchema schema =
                JsonSchema.builder().name("half").rootElement(half()).build();
        ResponseFormat format = ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(schema)
                .build();
        ChatResponse response = langChain4j()
                .chat(ChatRequest.builder()
                        .messages(UserMessage.from(QUESTION))
                        .responseFormat(format)
                        .build());
        assertThat(Objects.requireNonNull(response.aiMessage().text())).matches("\\{\"half\":\\s?\"(north|south)\"\\}");
    }

    private static ChatResponse callWithLangChain4j() {
        ToolSpecification weather = ToolSpecification.builder()
                .name("get_weather")
                .parameters(half())
                .build();
        return langChain4j()
                .chat(ChatRequest.builder()
                        .messages(UserMessage.from(QUESTION))
                        .toolSpecifications(weather)
                        .toolChoice(ToolChoice.REQUIRED)
                        .build());
    }

    private static JsonObjectSchema half() {
        return JsonObjectSchema.builder()
                .addEnumProperty("half", List.of("north", "south"))
                .required("half")
                .additionalProperties(false)
                .build();
    }

    private static OpenAiChatModel langChain4j() {
        return OpenAiChatModel.builder()
                .baseUrl(conch.baseUrl())
                .apiKey(RealConch.API_KEY)
                .modelName(RealConch.MODEL)
                .temperature(1.0)
                .maxCompletionTokens(200)
                .parallelToolCalls(false)
                .timeout(Duration.ofSeconds(60))
                .maxRetries(0)
                .build();
    }
}
