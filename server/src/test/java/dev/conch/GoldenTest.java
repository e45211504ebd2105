package dev.conch;

import static dev.conch.engine.ScriptedEngine.end;
import static dev.conch.engine.ScriptedEngine.fail;
import static dev.conch.engine.ScriptedEngine.say;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.engine.EngineOutput.End;
import dev.conch.engine.InferenceEngine;
import dev.conch.engine.ScriptedEngine;
import dev.conch.engine.ScriptedEngine.Step;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
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
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole answers, byte for byte: {@code golden/chat-completions/<case>/request.json} is posted while the engine says what
 * {@code engine.jsonl} tells it to, and the answer must be {@code response.http}. {@code make golden} writes the answers anew.
 */
class GoldenTest {
    private static final Path CASES = Path.of("src/test/resources/golden/chat-completions");
    private static final boolean WRITE = Boolean.getBoolean("conch.golden.write");
    private static final JsonMapper JSON = JsonMapper.createDefault();

    @TempDir
    Path folder;

    static List<String> cases() throws IOException {
        try (Stream<Path> folders = Files.list(CASES)) {
            return folders.map(folder -> String.valueOf(folder.getFileName()))
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
        try (RunningHouse house = RunningHouse.open(folder, "", "", Map.of(), engine.engine(), ids, clock)) {
            engine.tokenizer = house.tokenizer();
            String answer = print(house.chat(Files.readString(golden.resolve("request.json"))));
            Path file = golden.resolve("response.http");
            if (WRITE) {
                Files.writeString(file, answer);
            }
            assertThat(answer).isEqualTo(Files.readString(file));
        }
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
            return new ScriptedEngine(_ -> steps());
        }

        private List<Step> steps() {
            try (Stream<String> lines = Files.lines(file)) {
                return lines.map(this::step).toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private Step step(String line) {
            try {
                JsonNode step = Objects.requireNonNull(JSON.readValue(line, Argument.of(JsonNode.class)));
                JsonNode error = step.get("error");
                if (error != null) {
                    var code = ErrorCode.valueOf(error.getStringValue());
                    return fail(new GenerationException(code, "The engine said so."));
                }
                int[] tokens = tokens(step);
                JsonNode end = step.get("end");
                return end == null
                        ? say(tokens)
                        : end(End.valueOf(end.getStringValue().toUpperCase(Locale.ROOT)), tokens);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
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
