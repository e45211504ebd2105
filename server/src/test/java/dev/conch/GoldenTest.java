package dev.conch;

import static dev.conch.engine.ScriptedEngine.fail;
import static dev.conch.engine.ScriptedEngine.promptRead;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.engine.EngineOutput;
import dev.conch.engine.EngineOutput.End;
import dev.conch.engine.InferenceEngine;
import dev.conch.engine.ScriptedEngine;
import dev.conch.engine.ScriptedEngine.Step;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.GenerationRequest;
import dev.conch.generation.TokenLogprob;
import dev.conch.generation.TokenLogprob.Alternative;
import dev.conch.pipeline.IdSource;
import dev.conch.tokenizer.Tokenizer;
import io.micronaut.core.type.Argument;
import io.micronaut.json.JsonMapper;
import io.micronaut.json.tree.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole answers, byte for byte: {@code golden/<endpoint>/<case>/request.json} is posted while the engine says what
 * {@code engine.jsonl} tells it to, and the answer must be {@code response.http}. {@code model.yaml}, where there is one, says how the model is
 * served. {@code make golden} writes the answers anew.
 *
 * <p>A line of {@code engine.jsonl} is news of the prompt number {@code prompt} and its choice {@code choice}, both 0 if absent. Every
 * token has the line's {@code logprob}, and is itself the most likely; the ids behind it are the next.
 */
class GoldenTest {
    private static final Path CASES = Path.of("src/test/resources/golden");
    private static final boolean WRITE = Boolean.getBoolean("conch.golden.write");
    private static final JsonMapper JSON = JsonMapper.createDefault();

    @TempDir
    Path folder;

    private static final Map<String, String> ENDPOINTS = Map.of(
            "chat-completions", "/v1/chat/completions",
            "completions", "/v1/completions",
            "tokenize", "/tokenize",
            "detokenize", "/v1/detokenize",
            "render", "/v1/chat/completions/render");

    static List<String> cases() throws IOException {
        try (Stream<Path> files = Files.walk(CASES)) {
            return files.filter(file -> file.endsWith("request.json"))
                    .map(file -> String.valueOf(CASES.relativize(file).getParent()))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void answersAsWritten(String name) throws IOException {
        Path golden = CASES.resolve(name);
        var engine = new Script(golden.resolve("engine.jsonl"));
        IdSource ids = () -> "test";
        Clock clock = Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC);
        try (RunningHouse house =
                RunningHouse.open(folder, "", "", model(golden), Map.of(), engine.engine(), ids, clock)) {
            engine.tokenizer = house.tokenizer();
            String endpoint = Objects.requireNonNull(ENDPOINTS.get(name.substring(0, name.indexOf('/'))));
            String answer = print(house.post(endpoint, Files.readString(golden.resolve("request.json"))));
            Path file = golden.resolve("response.http");
            if (WRITE) {
                Files.writeString(file, answer);
            }
            assertThat(answer).isEqualTo(Files.readString(file));
        }
    }

    /** Keys of the model's configuration, in YAML's flow style. */
    private static String model(Path golden) throws IOException {
        Path file = golden.resolve("model.yaml");
        return Files.exists(file) ? Files.readString(file).strip() : "max-model-len: 256";
    }

    private static String print(HttpResponse<String> response) {
        String type = response.headers().firstValue("content-type").orElse("none");
        return "%d\ncontent-type: %s\nx-request-id: %s\n\n%s"
                .formatted(
                        response.statusCode(),
                        type,
                        response.headers().firstValue("x-request-id").orElse("none"),
                        response.body());
    }

    /** The lines of an {@code engine.jsonl}, one step each. */
    private static final class Script {
        private final Path file;
        private Tokenizer tokenizer;

        @SuppressWarnings("NullAway.Init")
        Script(Path file) {
            this.file = file;
        }

        InferenceEngine engine() {
            return new ScriptedEngine(this::steps);
        }

        private List<Step> steps(GenerationRequest request) {
            try (Stream<String> lines = Files.lines(file)) {
                return lines.map(Script::parse)
                        .filter(line -> number(line, "prompt") == promptOf(request))
                        .map(line -> step(line, request))
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The name of a generation says which prompt it is for. */
        private static int promptOf(GenerationRequest request) {
            int end = request.id().indexOf("test") + "test".length();
            return request.id().length() == end
                    ? 0
                    : Integer.parseInt(request.id().substring(end + 1));
        }

        private static JsonNode parse(String line) {
            try {
                return Objects.requireNonNull(JSON.readValue(line, Argument.of(JsonNode.class)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static int number(JsonNode line, String name) {
            JsonNode number = line.get(name);
            return number == null ? 0 : number.getIntValue();
        }

        private Step step(JsonNode line, GenerationRequest request) {
            JsonNode error = line.get("error");
            if (error != null) {
                var code = ErrorCode.valueOf(error.getStringValue());
                return fail(new GenerationException(code, "The engine said so."));
            }
            if (line.get("cached") != null) {
                return promptRead(number(line, "cached"));
            }
            int[] tokens = tokens(line);
            JsonNode end = line.get("end");
            return new Step.Output(new EngineOutput(
                    number(line, "choice"),
                    tokens,
                    logprobs(tokens, line.get("logprob"), request.topLogprobs()),
                    end == null ? null : End.valueOf(end.getStringValue().toUpperCase(Locale.ROOT))));
        }

        private List<TokenLogprob> logprobs(int[] tokens, @Nullable JsonNode logprob, @Nullable Integer topLogprobs) {
            if (logprob == null || topLogprobs == null) {
                return List.of();
            }
            float own = (float) logprob.getDoubleValue();
            return IntStream.of(tokens)
                    .mapToObj(id -> new TokenLogprob(
                            id,
                            own,
                            IntStream.range(0, topLogprobs)
                                    .mapToObj(i -> new Alternative((id + i) % tokenizer.vocabularySize(), own - i))
                                    .toList()))
                    .toList();
        }

        private int[] tokens(JsonNode step) {
            JsonNode ids = step.get("tokens");
            if (ids != null) {
                return StreamSupport.stream(ids.values().spliterator(), false)
                        .mapToInt(JsonNode::getIntValue)
                        .toArray();
            }
            JsonNode text = step.get("text");
            return text == null ? new int[0] : tokenizer.encode(text.getStringValue(), List.of());
        }
    }
}
