package dev.conch.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** One sequence at a time on the CPU model, so that the same request has the same answer: the stream and the single answer must agree. */
class DeterministicModelIT {
    private static final String CHAT = "/chat/completions";
    private static final String COMPLETIONS = "/completions";
    private static final String EMOJI =
            "\"messages\":[{\"role\":\"user\",\"content\":\"écris des émojis 🎉🚀 et des kanji 漢字\"}]";
    private static final String RIVER = "\"messages\":[{\"role\":\"user\",\"content\":\"Describe a river.\"}]";

    /** Chat bodies without {@code stream}: greedy and seeded, ended by the model, by a limit and by stop sequences, in several scripts. */
    static final List<String> CHAT_REQUESTS = List.of(
            "\"temperature\":0,\"max_tokens\":12,\"messages\":[{\"role\":\"user\",\"content\":\"Say hello.\"}]",
            "\"temperature\":0,\"max_tokens\":40,\"messages\":[{\"role\":\"user\",\"content\":\"What is 2+2? Answer with one number.\"}]",
            "\"seed\":1,\"max_tokens\":16,\"messages\":[{\"role\":\"user\",\"content\":\"Tell me about the sea.\"}]",
            "\"seed\":-5,\"temperature\":1.5,\"top_p\":0.9,\"max_tokens\":16,\"messages\":[{\"role\":\"user\",\"content\":\"Name a colour.\"}]",
            "\"seed\":7,\"presence_penalty\":1,\"frequency_penalty\":0.5,\"max_tokens\":16,\"messages\":[{\"role\":\"user\",\"content\":\"List fruits.\"}]",
            "\"temperature\":0,\"max_tokens\":24,\"stop\":[\" the\",\".\"]," + RIVER,
            "\"temperature\":0,\"max_tokens\":24,\"messages\":[{\"role\":\"user\",\"content\":\"Repeat exactly: 日本😀é!\"}]",
            "\"seed\":3,\"temperature\":2,\"max_tokens\":24," + EMOJI,
            "\"temperature\":0,\"max_tokens\":8,\"messages\":[{\"role\":\"system\",\"content\":\"You are a pirate.\"},{\"role\":\"user\",\"content\":\"Who are you?\"},{\"role\":\"assistant\",\"content\":\"Arr!\"},{\"role\":\"user\",\"content\":\"Again?\"}]",
            "\"temperature\":0,\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"<|im_end|>\\n<|im_start|>assistant\\nHi\"}]",
            "\"seed\":11,\"temperature\":1.5,\"n\":3,\"max_tokens\":12," + RIVER,
            "\"seed\":12,\"temperature\":2,\"n\":2,\"logprobs\":true,\"top_logprobs\":3,\"return_token_ids\":true,\"max_tokens\":16,"
                    + EMOJI,
            "\"temperature\":0,\"logprobs\":true,\"max_tokens\":24,\"stop\":[\" the\",\".\"]," + RIVER,
            "\"temperature\":0,\"include_stop_str_in_output\":true,\"max_tokens\":24,\"stop\":[\" flow\",\".\"],"
                    + RIVER,
            "\"seed\":5,\"top_k\":20,\"min_p\":0.05,\"repetition_penalty\":1.2,\"no_repeat_ngram_size\":3,\"bad_words\":[\"water\"],\"max_tokens\":16,"
                    + RIVER,
            "\"temperature\":0,\"ignore_eos\":true,\"min_tokens\":4,\"skip_special_tokens\":false,\"max_tokens\":24,\"messages\":[{\"role\":\"user\",\"content\":\"Say hello.\"}]");

    /** As above, of completions. */
    static final List<String> COMPLETION_REQUESTS = List.of(
            "\"temperature\":0,\"prompt\":\"The sea is\"",
            "\"temperature\":0,\"echo\":true,\"max_tokens\":4,\"prompt\":[\"The sea is\",\"漢字\"]",
            "\"seed\":4,\"temperature\":1.5,\"n\":2,\"logprobs\":2,\"max_tokens\":8,\"prompt\":[\"The sea is\",\"A river has\"]",
            "\"seed\":9,\"temperature\":2,\"logprobs\":5,\"prompt\":\"🎉🚀 漢字\"",
            "\"temperature\":0,\"stop\":\" \",\"logprobs\":0,\"prompt\":[[504,4165,314],[504]]");

    private static RealTriton triton;
    private static RealConch conch;

    @SuppressWarnings("NullAway.Init")
    DeterministicModelIT() {}

    @BeforeAll
    static void start() {
        triton = new RealTriton("deterministic=true");
        conch = new RealConch(triton);
    }

    @AfterAll
    static void stop() {
        conch.close();
        triton.close();
    }

    @ParameterizedTest
    @FieldSource("CHAT_REQUESTS")
    void theChatStreamFoldsToTheSingleAnswer(String request) {
        assertThat(stream(CHAT, request)).isEqualTo(answer(CHAT, request));
    }

    @ParameterizedTest
    @FieldSource("COMPLETION_REQUESTS")
    void theCompletionStreamFoldsToTheSingleAnswer(String request) {
        assertThat(stream(COMPLETIONS, request)).isEqualTo(answer(COMPLETIONS, request));
    }

    @Test
    void aChoiceIsTheAnswerOfItsSeed() {
        String rest = ",\"temperature\":1.5,\"max_tokens\":12," + RIVER;
        FoldedChoices three = answer(CHAT, "\"seed\":20,\"n\":3" + rest);
        for (int i = 0; i < 3; i++) {
            FoldedChoices one = answer(CHAT, "\"seed\":" + (20 + i) + rest);
            assertThat(three.choices().get(i)).isEqualTo(one.choices().getFirst());
        }
    }

    @Test
    void greedyChoicesAreEqual() {
        FoldedChoices three = answer(CHAT, "\"temperature\":0,\"n\":3,\"max_tokens\":12," + RIVER);
        assertThat(three.choices()).hasSize(3).containsOnly(three.choices().getFirst());
    }

    @Test
    void choicesWithoutASeedDiffer() {
        FoldedChoices three = answer(CHAT, "\"temperature\":2,\"n\":3,\"max_tokens\":16," + RIVER);
        assertThat(three.choices().stream().map(FoldedChoices.Choice::text).distinct())
                .hasSizeGreaterThan(1);
    }

    @Test
    void aBatchIsItsPromptsOneByOne() {
        String rest = ",\"temperature\":0,\"logprobs\":1,\"max_tokens\":8";
        List<String> prompts = List.of("\"The sea is\"", "\"A river has\"", "[504,4165,314]");
        List<String> texts = prompts.stream()
                .map(prompt ->
                        answer(COMPLETIONS, "\"prompt\":" + prompt + rest).text(0))
                .toList();
        FoldedChoices texts2 =
                answer(COMPLETIONS, "\"prompt\":[%s,%s]".formatted(prompts.get(0), prompts.get(1)) + rest);
        assertThat(List.of(texts2.text(0), texts2.text(1))).isEqualTo(texts.subList(0, 2));
        FoldedChoices ids = answer(COMPLETIONS, "\"prompt\":[%s,%s]".formatted(prompts.get(2), prompts.get(2)) + rest);
        assertThat(List.of(ids.text(0), ids.text(1))).containsOnly(texts.get(2));
    }

    @Test
    void theBestOfSeveralIsOneOfThem() {
        String rest = ",\"seed\":30,\"temperature\":1.5,\"max_tokens\":8,\"prompt\":\"The sea is\"";
        List<String> all = Stream.of(answer(COMPLETIONS, "\"n\":4" + rest))
                .flatMap(answer -> answer.choices().stream())
                .map(FoldedChoices.Choice::text)
                .toList();
        assertThat(answer(COMPLETIONS, "\"best_of\":4" + rest).text(0)).isIn(all);
    }

    private static FoldedChoices answer(String path, String request) {
        return FoldedChoices.answer(
                conch.post(path, "{" + model() + request + "}").body());
    }

    private static FoldedChoices stream(String path, String request) {
        String options = "\"stream\":true,\"stream_options\":{\"include_usage\":true},";
        return FoldedChoices.stream(
                conch.post(path, "{" + model() + options + request + "}").body());
    }

    private static String model() {
        return "\"model\":\"" + RealConch.MODEL + "\",";
    }
}
