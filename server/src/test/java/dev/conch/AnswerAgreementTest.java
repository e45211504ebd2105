package dev.conch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.engine.EngineOutput;
import dev.conch.engine.EngineOutput.End;
import dev.conch.engine.ScriptedEngine;
import dev.conch.engine.ScriptedEngine.Step;
import dev.conch.generation.GenerationRequest;
import dev.conch.generation.TokenLogprob;
import dev.conch.generation.TokenLogprob.Alternative;
import dev.conch.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever the engine says and the caller asks for, a stream says what the single answer says: text, reasoning, calls, logprobs, token ids,
 * usage, of all choices of all prompts. The engine cuts what it says differently each time.
 */
class AnswerAgreementTest {
    private static final int CASES = 400;
    private static final int SPOKEN_CASES = 200;
    private static final List<String> PIECES =
            List.of("the sea", " is", "\n", "é", "日本", "😀", "STOP", "ST", "OP", "\"\\", "\uFFFD", " ", "a", "🇩🇪");

    /** Of a model that thinks and calls, and that does neither as it should now and then. */
    private static final List<String> SPOKEN = List.of(
            "<think>",
            "</think>",
            "Well, é ",
            "STOP",
            "\n",
            "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"São Paulo\", \"days\": 3}}\n</tool_call>",
            "<tool_call>{\"name\": \"time\", \"arguments\": {}}</tool_call>",
            "<tool_call>\n{\"name\": \"weather\", \"argum",
            "<tool_call>",
            "</tool_call>");

    private static final String TOOLS =
            "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\"}},{\"type\":\"function\",\"function\":{\"name\":\"time\"}}],";

    /** Fixed, so that a failure comes again. */
    private final RandomGenerator random = new Random(20261122);

    @TempDir
    Path folder;

    @Test
    void inFourHundredRandomCases() {
        var engine = new Chatterbox(PIECES);
        try (RunningHouse house = RunningHouse.open(folder, "", "", Map.of(), new ScriptedEngine(engine::steps))) {
            engine.tokenizer = house.tokenizer();
            for (int i = 0; i < CASES; i++) {
                String path = random.nextBoolean() ? "/v1/chat/completions" : "/v1/completions";
                assertAgreement(house, engine, path, path.contains("chat") ? chat("") : completion());
            }
        }
    }

    @Test
    void inTwoHundredCasesWithReasoningAndCalls() {
        var engine = new Chatterbox(SPOKEN);
        String model = "max-model-len: 4096, chat-format: smollm2, tool-format: hermes, reasoning-format: qwen3";
        try (RunningHouse house =
                RunningHouse.open(folder, "", "", model, Map.of(), new ScriptedEngine(engine::steps))) {
            engine.tokenizer = house.tokenizer();
            int withCalls = 0;
            for (int i = 0; i < SPOKEN_CASES; i++) {
                String request = chat(TOOLS + maybe("\"parallel_tool_calls\":false,"));
                WholeAnswer answer = assertAgreement(house, engine, "/v1/chat/completions", request);
                withCalls += answer.choices().values().stream()
                                .anyMatch(choice -> !choice.calls().isEmpty())
                        ? 1
                        : 0;
            }
            assertThat(withCalls).as("cases with calls").isPositive();
        }
    }

    private WholeAnswer assertAgreement(RunningHouse house, Chatterbox engine, String path, String request) {
        engine.seed = random.nextLong();
        WholeAnswer single = WholeAnswer.answer(house.post(path, "{" + request).body());
        String asStream = "{\"stream\":true,\"stream_options\":{\"include_usage\":true}," + request;
        assertThat(WholeAnswer.stream(house.post(path, asStream).body()))
                .as(path + " " + request)
                .isEqualTo(single);
        return single;
    }

    private String chat(String more) {
        String logprobs = maybe("\"logprobs\":true,\"top_logprobs\":" + random.nextInt(0, 4) + ",");
        return common() + logprobs + more + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    }

    private String completion() {
        String logprobs = maybe("\"logprobs\":" + random.nextInt(0, 4) + ",");
        String echo = logprobs.isEmpty() ? maybe("\"echo\":true,") : "";
        return common() + logprobs + echo + "\"prompt\":" + prompt() + "}";
    }

    private String prompt() {
        return switch (random.nextInt(4)) {
            case 0 -> "\"the sea\"";
            case 1 -> "[\"the sea\",\"a <|im_end|> é\"]";
            case 2 -> "[300,1,301]";
            default -> "[[300,301],[302],[1]]";
        };
    }

    private String common() {
        return "\"model\":\"tiny\","
                + maybe("\"n\":" + random.nextInt(1, 4) + ",")
                + maybe("\"stop\":[\"STOP\",\" is\"],")
                + maybe("\"stop_token_ids\":[300,310,320],")
                + maybe("\"include_stop_str_in_output\":true,")
                + maybe("\"min_tokens\":" + random.nextInt(0, 9) + ",")
                + maybe("\"ignore_eos\":true,")
                + maybe("\"skip_special_tokens\":false,")
                + maybe("\"spaces_between_special_tokens\":true,")
                + maybe("\"return_token_ids\":true,");
    }

    private String maybe(String field) {
        return random.nextBoolean() ? field : "";
    }

    /** Says the same to the same request, but never in the same pieces. */
    private static final class Chatterbox {
        private final RandomGenerator cuts = new Random(7);
        private final List<String> pieces;
        private long seed;

        private @Nullable Tokenizer tokenizer;

        Chatterbox(List<String> pieces) {
            this.pieces = pieces;
        }

        synchronized List<Step> steps(GenerationRequest request) {
            var steps = new ArrayList<Step>();
            List<int[]> left = new ArrayList<>();
            for (int choice = 0; choice < request.choices(); choice++) {
                left.add(tokens(request, choice));
            }
            steps.add(ScriptedEngine.promptRead(request.promptTokenIds().length - 1));
            while (left.stream().anyMatch(tokens -> tokens.length > 0)) {
                int choice = cuts.nextInt(left.size());
                int length = cuts.nextInt(0, left.get(choice).length + 1);
                steps.add(say(request, choice, Arrays.copyOf(left.get(choice), length), null));
                left.set(choice, Arrays.copyOfRange(left.get(choice), length, left.get(choice).length));
            }
            for (int choice = 0; choice < request.choices(); choice++) {
                steps.add(say(request, choice, new int[0], seed % 2 == 0 ? End.STOP : End.LENGTH));
            }
            return steps;
        }

        private int[] tokens(GenerationRequest request, int choice) {
            var words = new Random(seed + 31L * Arrays.hashCode(request.promptTokenIds()) + choice);
            return words.nextInt(3) == 0
                    ? words.ints(words.nextInt(0, 20), 0, vocabulary().vocabularySize())
                            .toArray()
                    : vocabulary().encode(text(words), List.of());
        }

        private String text(RandomGenerator words) {
            return words.ints(words.nextInt(1, 12), 0, pieces.size())
                    .mapToObj(pieces::get)
                    .collect(Collectors.joining());
        }

        private Step say(GenerationRequest request, int choice, int[] tokens, @Nullable End end) {
            Integer top = request.topLogprobs();
            List<TokenLogprob> logprobs = top == null
                    ? List.of()
                    : IntStream.of(tokens).mapToObj(id -> logprob(id, top)).toList();
            return new Step.Output(new EngineOutput(choice, tokens, logprobs, end));
        }

        private TokenLogprob logprob(int id, int top) {
            float own = -(id % 17) / 7f;
            return new TokenLogprob(
                    id,
                    own,
                    IntStream.range(0, top)
                            .mapToObj(i ->
                                    new Alternative((id + 7 * i) % vocabulary().vocabularySize(), own - i))
                            .toList());
        }

        private Tokenizer vocabulary() {
            return java.util.Objects.requireNonNull(tokenizer);
        }
    }
}
