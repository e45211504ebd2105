package dev.conch.output.reasoning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.conch.generation.OutputConstraint;
import dev.conch.generation.OutputConstraint.AnyJson;
import dev.conch.generation.OutputConstraint.AnyText;
import dev.conch.generation.OutputConstraint.OneOf;
import dev.conch.generation.OutputConstraint.Regex;
import dev.conch.generation.OutputConstraint.Sequence;
import dev.conch.generation.OutputConstraint.Tag;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ReasoningFormatsTest {
    private static final ReasoningFormats FORMATS = ReasoningFormats.builtIn();
    private static final OutputConstraint ANSWER = new AnyJson();

    @Test
    void refusesANameThatNobodyHasAndSaysWhichThereAre() {
        assertThat(FORMATS.find("telepathy")).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FORMATS.byName("telepathy"))
                .withMessageStartingWith(
                        "reasoning-format: telepathy (expected: auto, none, or one of apertus, command_a,")
                .withMessageEndingWith("think_tags)");
    }

    static Stream<ReasoningFormat> formats() {
        return FORMATS.names().stream().sorted().map(FORMATS::byName);
    }

    /** Otherwise the longer one would be found or not, as the text is cut. */
    @ParameterizedTest
    @MethodSource("formats")
    void noMarkerBeginsWithAnother(ReasoningFormat format) {
        List<String> markers = format.markers();
        assertThat(markers)
                .isNotEmpty()
                .doesNotContain("")
                .doesNotHaveDuplicates()
                .allSatisfy(marker -> assertThat(markers.stream().filter(other -> other.startsWith(marker)))
                        .containsExactly(marker));
    }

    @Test
    void showsTheMarkersOfTheAnswerToo() {
        assertThat(FORMATS.byName("qwen3").markers()).containsExactly("<think>", "</think>");
        assertThat(FORMATS.byName("hunyuan_a13b").markers())
                .containsExactly("<think>", "</think>", "<answer>", "</answer>");
    }

    @Test
    void letsAModelThinkOrNotBeforeAnAnswerThatIsHeldToSomething() {
        assertThat(constraint("qwen3", "<|im_start|>assistant\n"))
                .isEqualTo(new OneOf(List.of(reasoned("<think>"), ANSWER)));
        assertThat(constraint("granite", ""))
                .isEqualTo(new OneOf(List.of(
                        reasoned("Here is my thought process:", "Here is my response:"),
                        reasoned("Here's my thought process:", "Here is my response:"),
                        ANSWER)));
    }

    @Test
    void letsAModelEndItsReasoningThatThePromptHasBegun() {
        assertThat(constraint("qwen3", "<|im_start|>assistant\n<think>\n")).isEqualTo(reasoned(""));
        assertThat(constraint("qwen3", "<|im_start|>assistant\n<think>\nLet me"))
                .isEqualTo(reasoned(""));
    }

    @Test
    void wantsReasoningOfAModelWhoseAnswerWithoutAMarkerIsReasoning() {
        assertThat(constraint("deepseek_r1", "<｜Assistant｜>")).isEqualTo(reasoned(""));
    }

    @ParameterizedTest
    @CsvSource({"qwen3", "deepseek_r1", "glm45"})
    void holdsTheAnswerAtOnceIfThePromptHasEndedTheReasoning(String name) {
        assertThat(constraint(name, "<|assistant|>\n<think>\n\n</think>\n\n")).isEqualTo(ANSWER);
        assertThat(constraint(name, "<|assistant|></think>")).isEqualTo(ANSWER);
    }

    @Test
    void letsAModelMarkItsAnswer() {
        var answer = new OneOf(List.of(new Tag("<answer>", ANSWER, "</answer>"), ANSWER));
        assertThat(constraint("hunyuan_a13b", "<think>"))
                .isEqualTo(
                        new Sequence(List.of(new Tag("", new AnyText(), "</think>"), new Regex("\\n{0,2}"), answer)));
        assertThat(constraint("hunyuan_a13b", "<think></think>")).isEqualTo(answer);
    }

    private static OutputConstraint constraint(String name, String prompt) {
        return FORMATS.byName(name).constraint(prompt, ANSWER);
    }

    private static OutputConstraint reasoned(String begin) {
        return reasoned(begin, "</think>");
    }

    private static OutputConstraint reasoned(String begin, String end) {
        return new Sequence(List.of(new Tag(begin, new AnyText(), end), new Regex("\\n{0,2}"), ANSWER));
    }
}
