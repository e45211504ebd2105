package dev.conch.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import dev.conch.constraint.Bombs.Bomb;
import dev.conch.generation.GenerationException;
import dev.conch.generation.OutputConstraint.JsonSchema;
import dev.conch.output.toolcall.CallRule;
import dev.conch.output.toolcall.FunctionSignature;
import dev.conch.output.toolcall.registry.ToolFormats;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** No constraint costs more than its limits allow, whatever it would do to an engine. */
class BombsTest {
    private static final Constraints CONSTRAINTS = new Constraints(System::nanoTime);

    /** Allocated bytes are a count of steps that does not depend on the machine. */
    private static final long MOST_BYTES = 64L << 20;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    static final List<Bomb> BOMBS = Bombs.all();
    static final List<Map<String, ?>> WIDE = Bombs.wideParameters();

    /** What is loaded once is not a cost of a request. */
    @BeforeAll
    static void load() {
        assertThat(BOMBS).allSatisfy(bomb -> assertThat(refusal(bomb)).isNotNull());
    }

    @Test
    void areMoreThanSixty() {
        assertThat(BOMBS).hasSizeGreaterThanOrEqualTo(60).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @FieldSource("BOMBS")
    void isRefusedByItsCodeAndCheaply(Bomb bomb) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        var refusal = refusal(bomb);
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertThat(refusal).as("%s", bomb).isNotNull();
        assertThat(refusal.code()).as(refusal.clientMessage()).isEqualTo(bomb.code());
        assertThat(refusal.param()).startsWith("p").hasSizeLessThan(120);
        assertThat(refusal.clientMessage()).hasSizeLessThan(400);
        assertThat(allocated).isLessThan(MOST_BYTES);
    }

    /** Of a schema that is taken, what comes later costs little too: here, what holds arguments between tags to it. */
    @ParameterizedTest
    @FieldSource("WIDE")
    void isHeldToCheaply(Map<String, ?> parameters) {
        held(WIDE.getFirst());
        long before = THREADS.getCurrentThreadAllocatedBytes();
        held(parameters);
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_BYTES);
    }

    private static void held(Map<String, ?> parameters) {
        var read = (JsonSchema) CONSTRAINTS.parameters(parameters, false, "p");
        var function = new FunctionSignature("f", read.schema(), false);
        var required = new CallRule(true, true);
        assertThat(ToolFormats.byName("qwen3_coder")
                        .constraint(List.of(function), required)
                        .toString())
                .contains("p0");
    }

    private static GenerationException refusal(Bomb bomb) {
        return catchThrowableOfType(GenerationException.class, () -> CONSTRAINTS.of(bomb.format()));
    }
}
