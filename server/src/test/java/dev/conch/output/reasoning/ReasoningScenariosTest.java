package dev.conch.output.reasoning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.output.parser.AnswerParser;
import dev.conch.output.reasoning.RecordedAnswer.Said;
import dev.conch.output.reasoning.Scenario.Case;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every format in every scenario, however its text is cut. */
class ReasoningScenariosTest {
    private static final ReasoningFormats FORMATS = ReasoningFormats.builtIn();
    private static final int RANDOM_CUTS = 50;

    @Test
    void everyFormatIsOneOfTheDialects() {
        assertThat(Dialect.ALL.stream().map(Dialect::name).distinct())
                .containsExactlyInAnyOrderElementsOf(FORMATS.names());
    }

    @TestFactory
    Stream<DynamicContainer> scenarios() {
        return Dialect.ALL.stream()
                .map(dialect -> DynamicContainer.dynamicContainer(
                        dialect.name(), Stream.of(Scenario.values()).flatMap(scenario -> test(dialect, scenario))));
    }

    private static Stream<DynamicTest> test(Dialect dialect, Scenario scenario) {
        Case one = scenario.of(dialect);
        return one == null
                ? Stream.empty()
                : Stream.of(DynamicTest.dynamicTest(scenario.name(), () -> assertHowever(dialect, one)));
    }

    private static void assertHowever(Dialect dialect, Case one) {
        ReasoningFormat format = FORMATS.byName(dialect.name());
        var expected = new Said(one.reasoning(), one.text());
        for (List<String> pieces : cuts(one.output())) {
            assertThat(said(format, one.prompt(), pieces)).as(pieces.toString()).isEqualTo(expected);
        }
    }

    /** Nothing that was said is taken back: an answer that is cut off says the beginning of what the whole one says, or a part of a marker. */
    @TestFactory
    Stream<DynamicTest> truncatedAtEveryCharacter() {
        return Dialect.ALL.stream()
                .map(dialect -> DynamicTest.dynamicTest(dialect.name(), () -> {
                    ReasoningFormat format = FORMATS.byName(dialect.name());
                    String output = dialect.begin() + "\nI think.\n" + dialect.end() + "\n\nYes.";
                    int inside = dialect.begin().length();
                    int after = output.indexOf(dialect.end()) + dialect.end().length();
                    for (int length = 0; length <= output.length(); length++) {
                        Said said = said(format, "", List.of(output.substring(0, length)));
                        if (length < inside) {
                            assertThat(said.reasoning() + said.text()).isEqualTo(output.substring(0, length));
                        } else if (length < after) {
                            assertThat(said)
                                    .isEqualTo(new Said(output.substring(Math.min(length, inside + 1), length), ""));
                        } else {
                            String text = length < after + 2 ? "" : output.substring(after + 2, length);
                            assertThat(said).isEqualTo(new Said("I think.", text));
                        }
                    }
                }));
    }

    /** Text that cannot become a marker is not waited with. */
    @Test
    void saysAtOnceWhatIsCertain() {
        var answer = new RecordedAnswer();
        AnswerParser parser = FORMATS.byName("qwen3").newParser("", answer);
        List<Said> steps = new ArrayList<>();
        for (String piece : List.of("<think>", "a", " <", "/thin", "g", "\n", "</think>", "\n\n", "b <think>")) {
            parser.accept(piece, answer);
            steps.add(answer.said());
        }
        assertThat(steps)
                .containsExactly(
                        new Said("", ""),
                        new Said("a", ""),
                        new Said("a ", ""),
                        new Said("a ", ""),
                        new Said("a </thing", ""),
                        new Said("a </thing", ""),
                        new Said("a </thing", ""),
                        new Said("a </thing", ""),
                        new Said("a </thing", "b <think>"));
    }

    private static Said said(ReasoningFormat format, String prompt, List<String> pieces) {
        var answer = new RecordedAnswer();
        AnswerParser parser = format.newParser(prompt, answer);
        pieces.forEach(piece -> parser.accept(piece, answer));
        parser.finish(answer);
        assertThat(answer.ends()).isEqualTo(1);
        return answer.said();
    }

    /** Whole, in two parts at every place, character by character, and at random places. */
    private static List<List<String>> cuts(String output) {
        List<List<String>> cuts = new ArrayList<>();
        cuts.add(output.isEmpty() ? List.of() : List.of(output));
        for (int at = 1; at < output.length(); at++) {
            if (isBetweenCharacters(output, at)) {
                cuts.add(List.of(output.substring(0, at), output.substring(at)));
            }
        }
        var random = new Random(output.hashCode());
        for (int longest = 1; longest <= RANDOM_CUTS; longest++) {
            cuts.add(pieces(output, random, 1 + longest / 4));
        }
        return cuts;
    }

    private static List<String> pieces(String output, Random random, int longest) {
        List<String> pieces = new ArrayList<>();
        int from = 0;
        while (from < output.length()) {
            int to = Math.min(output.length(), from + 1 + random.nextInt(longest));
            to = isBetweenCharacters(output, to) ? to : to + 1;
            pieces.add(output.substring(from, to));
            from = to;
        }
        return pieces;
    }

    private static boolean isBetweenCharacters(String text, int at) {
        return at == text.length() || !Character.isLowSurrogate(text.charAt(at));
    }
}
