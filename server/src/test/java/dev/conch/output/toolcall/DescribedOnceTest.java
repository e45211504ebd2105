package dev.conch.output.toolcall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.generation.OutputConstraint;
import dev.conch.output.toolcall.Piece.Call;
import dev.conch.output.toolcall.registry.ToolFormats;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** A format is described once: what its constraint makes a model write, its parser reads as good calls of offered functions. */
class DescribedOnceTest {
    private static final int SENTENCES = 40;
    private static final Set<String> OFFERED =
            Offered.FUNCTIONS.stream().map(FunctionSignature::name).collect(Collectors.toSet());

    static final List<String> DIALECTS = ToolFormats.names();

    @ParameterizedTest
    @FieldSource("DIALECTS")
    void callsThatAreRequiredAreAllThatComes(String dialect) {
        for (Call call : calls(dialect, new CallRule(true, true), true)) {
            assertThat(OFFERED).contains(call.name());
        }
    }

    @ParameterizedTest
    @FieldSource("DIALECTS")
    void aRequiredCallIsTheOnlyOneIfItIsToBe(String dialect) {
        assertThat(calls(dialect, new CallRule(true, false), true)).hasSize(SENTENCES);
    }

    @ParameterizedTest
    @FieldSource("DIALECTS")
    void callsThatAreFreeStandInText(String dialect) {
        assertThat(calls(dialect, new CallRule(false, true), false)).hasSizeGreaterThan(SENTENCES);
        assertThat(calls(dialect, new CallRule(false, false), false)).hasSize(SENTENCES);
    }

    private static List<Call> calls(String dialect, CallRule rule, boolean callsOnly) {
        ToolFormat format = ToolFormats.byName(dialect);
        OutputConstraint constraint = format.constraint(Offered.FUNCTIONS, rule);
        List<Call> calls = new ArrayList<>();
        for (int seed = 0; seed < SENTENCES; seed++) {
            String sentence = new Sentences(seed).write(constraint);
            List<Piece> pieces = new Replay(format).pieces(sentence);
            List<Call> found = pieces.stream()
                    .filter(Call.class::isInstance)
                    .map(Call.class::cast)
                    .toList();
            assertThat(found).as(sentence).isNotEmpty().allMatch(Call::wellFormed);
            if (callsOnly) {
                assertThat(pieces).as(sentence).hasSameSizeAs(found);
            }
            calls.addAll(found);
        }
        return calls;
    }
}
