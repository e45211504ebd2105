package dev.conch;

import static dev.conch.Eventually.eventually;
import static dev.conch.engine.ScriptedEngine.end;
import static dev.conch.engine.ScriptedEngine.fail;
import static dev.conch.engine.ScriptedEngine.pause;
import static dev.conch.engine.ScriptedEngine.say;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.engine.EngineOutput.End;
import dev.conch.engine.ScriptedEngine;
import dev.conch.engine.ScriptedEngine.Step;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.GenerationRequest;
import dev.conch.generation.SamplingParams;
import dev.conch.sim.SimulatedTriton;
import dev.conch.sim.script.EngineVariant;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a request for an answer becomes on its way to the engine, and how its generations hang together. */
class CompletionsTest {
    private static final String COMPLETIONS = "/v1/completions";

    @TempDir
    Path folder;

    @Test
    void everyPromptOfABatchIsGeneratedFromAtOnce() {
        var engine = new ScriptedEngine(say(300), pause(), end(End.STOP));
        try (RunningHouse house = open(engine)) {
            HttpResponse<InputStream> answer =
                    house.stream(COMPLETIONS, completion("\"prompt\":[[301],[302],[303]],\"stream\":true"));
            assertThat(engine.running()).isEqualTo(3);
            assertThat(engine.requests()).extracting(GenerationRequest::id).doesNotHaveDuplicates();
            assertThat(engine.requests())
                    .extracting(GenerationRequest::promptTokenIds)
                    .containsExactly(new int[] {301}, new int[] {302}, new int[] {303});
            resume(engine, 3);
            assertThat(text(answer)).contains("\"index\":2").endsWith("data: [DONE]\n\n");
        }
    }

    @Test
    void theFirstThatFailsEndsAll() {
        var engine = new ScriptedEngine(request -> request.id().endsWith("-1")
                ? List.<Step>of(fail(new GenerationException(ErrorCode.UPSTREAM_INTERRUPTED, "gone")))
                : List.<Step>of(say(300), pause(), end(End.STOP)));
        try (RunningHouse house = open(engine)) {
            HttpResponse<String> answer = house.post(COMPLETIONS, completion("\"prompt\":[[301],[302],[303]]"));
            assertThat(answer.statusCode()).isEqualTo(503);
            eventually(() -> assertThat(engine.running()).isZero());
            assertThat(engine.cancels()).isEqualTo(2);
        }
    }

    @Test
    void allAreCancelledWhenTheClientLeaves() throws IOException {
        var engine = new ScriptedEngine(say(300), pause(), end(End.STOP));
        try (RunningHouse house = open(engine)) {
            HttpResponse<InputStream> answer =
                    house.stream(COMPLETIONS, completion("\"prompt\":[[301],[302]],\"stream\":true"));
            assertThat(answer.body().read()).isPositive();
            answer.body().close();
            eventually(() -> assertThat(engine.cancels()).isEqualTo(2));
        }
    }

    @Test
    void whatIsAskedOfSamplingReachesTheEngine() {
        var engine = new ScriptedEngine(fail(new GenerationException(ErrorCode.UPSTREAM_INTERRUPTED, "enough")));
        try (RunningHouse house = open(engine)) {
            house.post(
                    COMPLETIONS,
                    completion("\"prompt\":\"a\",\"top_k\":7,\"min_p\":0.1,\"repetition_penalty\":1.5,\"seed\":9,"
                            + "\"logit_bias\":{\"5\":-100},\"allowed_token_ids\":[5,6],\"min_tokens\":2,\"max_tokens\":4,"
                            + "\"stop_token_ids\":[8],\"include_stop_str_in_output\":true,\"n\":2,\"logprobs\":3"));
            GenerationRequest request = engine.requests().getFirst();
            SamplingParams sampling = request.sampling();
            assertThat(sampling.topK()).isEqualTo(7);
            assertThat(sampling.minP()).isEqualTo(0.1);
            assertThat(sampling.repetitionPenalty()).isEqualTo(1.5);
            assertThat(sampling.seed()).isEqualTo(9);
            assertThat(sampling.logitBias()).isEqualTo(Map.of(5, -100f));
            assertThat(sampling.allowedTokenIds()).containsExactly(5, 6);
            assertThat(request.stop().minTokens()).isEqualTo(2);
            assertThat(request.stop().maxTokens()).isEqualTo(4);
            assertThat(request.stop().stopTokenIds()).containsExactly(8);
            assertThat(request.stop().includeStop()).isTrue();
            assertThat(request.choices()).isEqualTo(2);
            assertThat(request.topLogprobs()).isEqualTo(3);
        }
    }

    @Test
    void aBadWordIsBarredInsideOfATextToo() {
        var engine = new ScriptedEngine(end(End.STOP));
        try (RunningHouse house = open(engine)) {
            house.post(COMPLETIONS, completion("\"prompt\":\"a\",\"bad_words\":[\"a\",\" the\"]"));
            List<List<Integer>> badWords =
                    engine.requests().getFirst().sampling().badWords();
            assertThat(badWords)
                    .as("one token here and one there; the other word is spelt in another number of tokens there")
                    .containsExactly(ids(house, "a"), ids(house, " a"), ids(house, "the"));
        }
    }

    @Test
    void moreBadWordsThanAnEngineCompares() {
        var engine = new ScriptedEngine(end(End.STOP));
        try (RunningHouse house = open(engine)) {
            String word = "\"" + "zq".repeat(128) + "\"";
            HttpResponse<String> answer = house.post(
                    COMPLETIONS,
                    completion("\"prompt\":\"a\",\"bad_words\":[" + String.join(",", Collections.nCopies(1_024, word))
                            + "]"));
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("\"array_above_max_length\"", "\"param\":\"bad_words\"");
            assertThat(engine.requests()).isEmpty();
        }
    }

    /** TensorRT-LLM's own backend tells no alternatives. */
    @Test
    void whatTheEngineLacksIsRefusedByTheNameThatTheClientGave() {
        try (SimulatedTriton triton = SimulatedTriton.builder()
                        .variant(EngineVariant.tensorRtLlm())
                        .tcp(0)
                        .start();
                RunningHouse house =
                        RunningHouse.open(folder, "", "addresses: [\"127.0.0.1:" + triton.port() + "\"]", Map.of())) {
            assertUnsupported("logprobs", house.post(COMPLETIONS, completion("\"prompt\":\"a\",\"logprobs\":5")));
            assertUnsupported(
                    "top_logprobs",
                    house.chat(
                            "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"logprobs\":true,\"top_logprobs\":5}"));
        }
    }

    @Test
    void anEngineWithoutLogprobsFindsNoBest() {
        var lacking = new GenerationException(
                ErrorCode.UNSUPPORTED_PARAMETER, "logprobs: not supported by this model", "logprobs");
        try (RunningHouse house = open(new ScriptedEngine(fail(lacking)))) {
            assertUnsupported("best_of", house.post(COMPLETIONS, completion("\"prompt\":\"a\",\"best_of\":2")));
            assertUnsupported("logprobs", house.post(COMPLETIONS, completion("\"prompt\":\"a\",\"logprobs\":1")));
        }
    }

    private static void assertUnsupported(String param, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .contains("\"unsupported_parameter\"", "\"param\":\"" + param + "\"", "\"" + param + ": not supported");
    }

    /** The model's context is of 256 tokens. */
    @Test
    void aPromptThatIsCutIsBoundedTooAndSoIsOneThatIsOnlyTokenized() {
        var engine = new ScriptedEngine(end(End.STOP));
        try (RunningHouse house = open(engine)) {
            String fits = "a ".repeat(8_192);
            String cut = "\",\"truncate_prompt_tokens\":9,\"prompt\":\"";
            assertThat(house.post(COMPLETIONS, completion("\"user\":\"u" + cut + fits + "\""))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(engine.requests().getFirst().promptTokenIds()).hasSize(9);
            assertTooLong("prompt", house.post(COMPLETIONS, completion("\"user\":\"u" + cut + fits + "a\"")));
            assertThat(house.post(
                                    "/tokenize",
                                    "{\"model\":\"tiny\",\"add_special_tokens\":false,\"prompt\":\"" + fits + "\"}")
                            .statusCode())
                    .isEqualTo(200);
            assertTooLong(
                    "prompt",
                    house.post(
                            "/tokenize",
                            "{\"model\":\"tiny\",\"add_special_tokens\":false,\"prompt\":\"" + fits + "a\"}"));
            String chat =
                    "{\"model\":\"tiny\",\"truncate_prompt_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\""
                            + fits + "\"}]}";
            assertTooLong("messages", house.post("/v1/chat/completions/render", chat));
        }
    }

    private static void assertTooLong(String param, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"string_above_max_length\"", "\"param\":\"" + param + "\"");
    }

    @Test
    void toFindTheBestTheirLogprobsAreAskedFor() {
        var engine = new ScriptedEngine(fail(new GenerationException(ErrorCode.UPSTREAM_INTERRUPTED, "gone")));
        try (RunningHouse house = open(engine)) {
            house.post(COMPLETIONS, completion("\"prompt\":\"a\",\"best_of\":3"));
            GenerationRequest request = engine.requests().getFirst();
            assertThat(request.choices()).isEqualTo(3);
            assertThat(request.topLogprobs()).isZero();
        }
    }

    @Test
    void ignoringTheEndLeavesNoEndTokens() {
        var engine = new ScriptedEngine(end(End.LENGTH));
        try (RunningHouse house = open(engine)) {
            house.post(COMPLETIONS, completion("\"prompt\":\"a\",\"ignore_eos\":true"));
            assertThat(engine.requests().getFirst().stop().endTokenIds()).isEmpty();
        }
    }

    @Test
    void aStreamMayBeginBeforeItsFirstToken() throws IOException {
        var engine = new ScriptedEngine(
                pause(), fail(new GenerationException(ErrorCode.UPSTREAM_TIMEOUT, "The engine was silent.")));
        try (RunningHouse house = RunningHouse.withStreams(folder, "sse-commit-after: 1ms", engine)) {
            HttpResponse<InputStream> answer =
                    house.stream(COMPLETIONS, completion("\"prompt\":\"a\",\"stream\":true"));
            assertThat(answer.statusCode()).isEqualTo(200);
            engine.resume();
            assertThat(text(answer))
                    .startsWith(": keep-alive\n\n")
                    .contains("data: {\"error\":{\"message\":\"The engine was silent.\"")
                    .doesNotContain("[DONE]");
        }
    }

    private RunningHouse open(Object... replacements) {
        return RunningHouse.open(folder, "", "", Map.of(), replacements);
    }

    private static String completion(String fields) {
        return "{\"model\":\"tiny\"," + fields + "}";
    }

    private static void resume(ScriptedEngine engine, int times) {
        for (int i = 0; i < times; i++) {
            engine.resume();
        }
    }

    private static List<Integer> ids(RunningHouse house, String text) {
        return java.util.Arrays.stream(house.tokenizer().encode(text, List.of()))
                .boxed()
                .toList();
    }

    private static String text(HttpResponse<InputStream> answer) {
        try (InputStream body = answer.body()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
