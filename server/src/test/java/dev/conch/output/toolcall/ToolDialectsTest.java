package dev.conch.output.toolcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.conch.output.toolcall.DialectCard.Example;
import dev.conch.output.toolcall.Piece.Call;
import dev.conch.output.toolcall.registry.ToolFormats;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every dialect answers every scenario, however the text is cut. */
class ToolDialectsTest {

    @Test
    void everyDialectHasOneCard() {
        assertThat(DialectCards.ALL.stream().map(DialectCard::dialect))
                .containsExactlyInAnyOrderElementsOf(ToolFormats.names());
    }

    @TestFactory
    Stream<DynamicNode> scenarios() {
        return DialectCards.ALL.stream().map(card -> dynamicContainer(card.dialect(), tests(card)));
    }

    private static Stream<DynamicNode> tests(DialectCard card) {
        Replay replay = new Replay(ToolFormats.byName(card.dialect()));
        return Arrays.stream(Scenario.values())
                .map(scenario -> dynamicTest(scenario.toString(), () -> answer(card, scenario, replay)));
    }

    private static void answer(DialectCard card, Scenario scenario, Replay replay) {
        assertThat(card.answers(scenario))
                .as(card + " has no answer to " + scenario)
                .isTrue();
        for (Example example : card.examples(scenario)) {
            assertThat(replay.pieces(example.text())).as(example.text()).isEqualTo(example.pieces());
            anyChunkingGivesTheSame(example, replay);
            nothingIsLostWhereverItEnds(card, example, replay);
            if (scenario == Scenario.LONG_ARGUMENTS && !example.knownBroken()) {
                assertThat(replay.argumentsAtHalfTime(example.text())).isGreaterThan(9000);
            }
        }
    }

    private static void anyChunkingGivesTheSame(Example example, Replay replay) {
        Replay.chunkings(example.text()).forEach(chunks -> {
            List<Piece> pieces = replay.pieces(chunks);
            if (!pieces.equals(example.pieces())) {
                assertThat(pieces).as("cut as " + chunks).isEqualTo(example.pieces());
            }
        });
    }

    /** An answer may end anywhere: what it has of calls is then told as such, and without a call all of it is text. */
    private static void nothingIsLostWhereverItEnds(DialectCard card, Example example, Replay replay) {
        List<Call> calls = calls(example.pieces());
        Replay.places(example.text()).forEach(end -> {
            String text = example.text().substring(0, end);
            List<Piece> pieces = replay.pieces(text);
            List<Call> found = calls(pieces);
            if (found.isEmpty() && !said(pieces).equals(card.withoutFraming(text))) {
                assertThat(said(pieces)).as("all that was said").isEqualTo(card.withoutFraming(text));
            }
            for (int i = 0; i < found.size(); i++) {
                Call call = found.get(i);
                if (call.wellFormed() && !call.equals(calls.get(i))) {
                    fail(call + " is no call of the whole text, at the end of: " + text);
                }
            }
        });
    }

    private static List<Call> calls(List<Piece> pieces) {
        return pieces.stream()
                .filter(Call.class::isInstance)
                .map(Call.class::cast)
                .toList();
    }

    private static String said(List<Piece> pieces) {
        StringBuilder said = new StringBuilder();
        for (Piece piece : pieces) {
            switch (piece) {
                case Piece.Text text -> said.append(text.text());
                case Piece.Reasoning reasoning -> said.append(reasoning.text());
                case Call _ -> {}
            }
        }
        return said.toString();
    }
}
