package dev.conch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.engine.EngineOutput;
import dev.conch.engine.EngineOutput.End;
import dev.conch.engine.ScriptedEngine;
import dev.conch.engine.ScriptedEngine.Step;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many tokens one request may come to. */
class RequestBudgetTest {
    private static final String CHAT = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],%s}";
    private static final int CONTEXT = 256;

    private final ScriptedEngine engine = new ScriptedEngine(request -> IntStream.range(0, request.choices())
            .<Step>mapToObj(choice -> new Step.Output(EngineOutput.last(choice, End.STOP, 300)))
            .toList());

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "100 | \"prompt\":[301,302],\"max_tokens\":98                         | 200",
                "100 | \"prompt\":[301,302],\"max_tokens\":99                         | 400",
                "100 | \"prompt\":[301,302],\"max_tokens\":49,\"n\":2                 | 200",
                "100 | \"prompt\":[301,302],\"max_tokens\":50,\"n\":2                 | 400",
                "100 | \"prompt\":[301,302],\"max_tokens\":50,\"best_of\":2           | 400",
                "100 | \"prompt\":[[301,302],[303,304]],\"max_tokens\":48             | 200",
                "100 | \"prompt\":[[301,302],[303,304]],\"max_tokens\":49             | 400",
            })
    void countsPromptsAndWhatTheirChoicesMayHave(int most, String completion, int status) {
        try (RunningHouse house = RunningHouse.withRequests(folder, "max-tokens: " + most, engine)) {
            HttpResponse<String> answer = house.post("/v1/completions", "{\"model\":\"tiny\"," + completion + "}");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
            if (status != 200) {
                assertThat(answer.body())
                        .contains("\"code\":\"request_too_large\"", "\"param\":\"max_tokens\"")
                        .contains("at most " + most);
                assertThat(engine.requests()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"max_tokens, 100", "max_completion_tokens, 100", "max_completion_tokens,"})
    void namesTheLimitAsTheClientDoes(String field, Integer maxTokens) {
        String limit = maxTokens == null ? "\"n\":1" : "\"%s\":%d".formatted(field, maxTokens);
        try (RunningHouse house = RunningHouse.withRequests(folder, "max-tokens: 90", engine)) {
            assertThat(house.chat(CHAT.formatted(limit)).body())
                    .contains("\"code\":\"request_too_large\"", "\"param\":\"" + field + "\"");
        }
    }

    @Test
    void whoSetsNoLimitMayUseTheContextUp() {
        try (RunningHouse house = RunningHouse.withRequests(folder, "max-tokens: " + CONTEXT, engine)) {
            assertThat(house.chat(CHAT.formatted("\"n\":1")).statusCode()).isEqualTo(200);
            assertThat(house.chat(CHAT.formatted("\"n\":2")).body()).contains("request_too_large");
        }
    }
}
