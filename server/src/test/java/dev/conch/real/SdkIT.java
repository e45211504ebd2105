package dev.conch.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenAI's own clients, unmodified, and curl. */
class SdkIT {
    private static final Path SDK = Program.ROOT.resolve("server/src/test/sdk");

    private static RealTriton triton;
    private static RealConch conch;
    private static OpenAIClient client;

    @BeforeAll
    static void start() {
        triton = new RealTriton();
        conch = new RealConch(triton);
        client = OpenAIOkHttpClient.builder()
                .baseUrl(conch.baseUrl())
                .apiKey(RealConch.API_KEY)
                .maxRetries(0)
                .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        conch.close();
        triton.close();
    }

    @SuppressWarnings("NullAway.Init")
    SdkIT() {}

    @ParameterizedTest
    @ValueSource(strings = {"chat.py", "stream.py", "probe.py"})
    void python(String script) {
        runScript(Program.ROOT.resolve(".conch/sdk/bin/python").toString(), "python/" + script);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat.mjs", "stream.mjs", "probe.mjs"})
    void node(String script) {
        runScript("node", "node/" + script);
    }

    private static void runScript(String interpreter, String script) {
        String output = Program.run(
                conch.environment(), List.of(interpreter, SDK.resolve(script).toString()));
        assertThat(output).isNotBlank().doesNotContain("FAILED");
    }

    @Test
    void javaAnswersAtOnce() {
        ChatCompletion answer =
                client.chat().completions().create(params("Say hello.").build());
        assertThat(answer.id()).startsWith("chatcmpl-");
        assertThat(answer.model()).isEqualTo(RealConch.MODEL);
        assertThat(answer.choices()).hasSize(1);
        assertThat(answer.choices().getFirst().message().content().orElseThrow())
                .isNotBlank();
        assertThat(answer.usage().orElseThrow().promptTokens()).isGreaterThan(5);
        assertThat(answer.usage().orElseThrow().completionTokens()).isBetween(1L, 8L);
    }

    @Test
    void javaAccumulatesAStream() {
        var accumulator = ChatCompletionAccumulator.create();
        ChatCompletionCreateParams streamed = params("Say hello.")
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
        try (StreamResponse<ChatCompletionChunk> chunks =
                client.chat().completions().createStreaming(streamed)) {
            chunks.stream().forEach(accumulator::accumulate);
        }
        ChatCompletion answer = accumulator.chatCompletion();
        assertThat(answer.choices().getFirst().message().content().orElseThrow())
                .isNotBlank();
        assertThat(answer.usage().orElseThrow().completionTokens()).isBetween(1L, 8L);
    }

    @Test
    void javaUnderstandsRefusals() {
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> client.chat()
                        .completions()
                        .create(params("x").model("grand").build()))
                .satisfies(error -> assertThat(error.code()).contains("model_not_found"));
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> client.chat()
                        .completions()
                        .create(params("x").temperature(3.0).build()))
                .satisfies(error -> assertThat(error.param()).contains("temperature"));
        OpenAIClient stranger = OpenAIOkHttpClient.builder()
                .baseUrl(conch.baseUrl())
                .apiKey("wrong")
                .build();
        assertThatExceptionOfType(UnauthorizedException.class)
                .isThrownBy(() -> stranger.models().list())
                .satisfies(error -> assertThat(error.code()).contains("invalid_api_key"));
        stranger.close();
    }

    @Test
    void theReadmesJavaSnippetRuns() {
        String java = ProcessHandle.current().info().command().orElseThrow();
        String output = Program.run(
                conch.environment(),
                List.of(
                        java,
                        "-cp",
                        Objects.requireNonNull(System.getProperty("java.class.path")),
                        StreamChat.class.getName()));
        assertThat(output).isNotBlank();
    }

    /** The first tokens are there while the engine is still at work on the rest. */
    @Test
    void curlSeesTokensOneByOne() throws IOException {
        var command = List.of(
                "curl",
                "-sN",
                conch.baseUrl() + "/chat/completions",
                "-H",
                "Content-Type: application/json",
                "-H",
                "Authorization: Bearer " + RealConch.API_KEY,
                "-d",
                "{\"model\":\"%s\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Write a very long story.\"}]}"
                        .formatted(RealConch.MODEL));
        Process curl = new ProcessBuilder(command).start();
        try (BufferedReader lines = curl.inputReader()) {
            for (int token = 0; token < 3; token++) {
                assertThat(nextToken(lines)).contains("\"delta\":{\"content\":\"");
            }
            assertThat(triton.activeRequests()).isEqualTo(1);
        } finally {
            curl.destroy();
        }
        Waiting.until("the engine has dropped the request", () -> triton.activeRequests() == 0);
    }

    private static String nextToken(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        while (line != null && (line.isEmpty() || line.contains("\"role\""))) {
            line = lines.readLine();
        }
        return String.valueOf(line);
    }

    @Test
    void theReadmeShowsTheScriptsThatRanHere() throws IOException {
        String readme = Files.readString(Program.ROOT.resolve("README.md"));
        for (String script : List.of("python/stream.py", "node/stream.mjs")) {
            assertThat(readme).contains(Files.readString(SDK.resolve(script)));
        }
        String java = Files.readString(Program.ROOT.resolve("server/src/test/java/dev/conch/real/StreamChat.java"));
        assertThat(readme).contains(java.substring(java.indexOf("import ")));
    }

    private static ChatCompletionCreateParams.Builder params(String prompt) {
        return ChatCompletionCreateParams.builder()
                .model(RealConch.MODEL)
                .addUserMessage(prompt)
                .maxCompletionTokens(8);
    }
}
