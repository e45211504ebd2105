package dev.conch.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.generation.TraceContext;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceSourceTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";
    private static final String PARENT = "00-" + TRACE + "-" + SPAN + "-01";

    private final TraceSource traces = new TraceSource(new Random(1));

    @Test
    void continuesTheCallersTraceWithASpanOfItsOwn() {
        TraceContext trace = traces.of(List.of(PARENT), List.of("rojo=00f067aa0ba902b7", "congo=t61rcWkgMzE"));
        assertThat(trace.traceId()).isEqualTo(TRACE);
        assertThat(trace.spanId()).matches("[0-9a-f]{16}").isNotEqualTo(SPAN);
        assertThat(trace.flags()).isEqualTo(1);
        assertThat(trace.state()).isEqualTo("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
        assertThat(trace.parent()).isEqualTo("00-" + TRACE + "-" + trace.spanId() + "-01");
    }

    @Test
    void beginsATraceThatNobodySamples() {
        TraceContext trace = traces.of(List.of(), List.of("rojo=1"));
        assertThat(trace.parent()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
        assertThat(trace.state()).isNull();
        assertThat(traces.of(List.of(), List.of()).traceId()).isNotEqualTo(trace.traceId());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
                "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
                "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01"
            })
    void beginsANewTraceInPlaceOfOneThatIsNotValid(String parent) {
        TraceContext trace = traces.of(List.of(parent), List.of("rojo=1"));
        assertThat(trace.traceId()).isNotEqualTo(TRACE);
        assertThat(trace.state()).isNull();
    }

    @Test
    void twoParentsAreAsGoodAsNone() {
        assertThat(traces.of(List.of(PARENT, PARENT), List.of()).traceId()).isNotEqualTo(TRACE);
    }

    @ParameterizedTest
    @CsvSource({"01-, -01-what.may.come, 1", "00-, -ff, 3", "00-, -00, 0", "cc-, -02, 2"})
    void understandsWhatItKnowsOfLaterVersions(String version, String rest, int flags) {
        TraceContext trace = traces.of(List.of(version + TRACE + "-" + SPAN + rest), List.of());
        assertThat(trace.traceId()).isEqualTo(TRACE);
        assertThat(trace.flags()).isEqualTo(flags);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=1", "a=1, b=2", "tenant@system=x y", "a=1,,b=2", "a*/-_=!#"})
    void passesStateOn(String state) {
        assertThat(traces.of(List.of(PARENT), List.of(state)).state()).isEqualTo(state);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "a", "A=1", "a=1=2", "a=\u00e9", "a=1\tb", "=1"})
    void leavesStateOutThatIsNone(String state) {
        assertThat(traces.of(List.of(PARENT), List.of(state)).state()).isNull();
    }

    @Test
    void leavesLongStateOut() {
        String atMost = "a=" + "x".repeat(255) + ",b=" + "x".repeat(252);
        assertThat(traces.of(List.of(PARENT), List.of(atMost)).state()).isEqualTo(atMost);
        assertThat(traces.of(List.of(PARENT), List.of(atMost + "x")).state()).isNull();
        assertThat(traces.of(List.of(PARENT), Collections.nCopies(33, "a=1")).state())
                .isNull();
    }
}
