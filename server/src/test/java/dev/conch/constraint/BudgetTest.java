package dev.conch.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BudgetTest {
    private static final Place PLACE = Place.of("response_format");

    /** What reads parts; each looks at the clock. */
    private enum Kind {
        SCHEMA {
            @Override
            void read(Budget budget) {
                Map<String, ?> schema = Map.of("type", "object", "properties", Map.of("a", Map.of("type", "null")));
                SchemaReader.read(schema, Enforcement.STRICT, budget, PLACE);
            }
        },
        PATTERN {
            @Override
            void read(Budget budget) {
                RegexPattern.read("ab", budget, PLACE, Refusal::grammar);
            }
        },
        GRAMMAR {
            @Override
            void read(Budget budget) {
                GrammarParser.parse("root ::= \"a\" \"b\"", budget, PLACE);
            }
        };

        abstract void read(Budget budget);
    }

    @ParameterizedTest
    @EnumSource
    void whatTakesMoreThanASecondIsRefused(Kind kind) {
        var quick = new AtomicLong(Long.MAX_VALUE - 5);
        assertThatCode(() -> kind.read(new Budget(quick::incrementAndGet))).doesNotThrowAnyException();
        var slow = new AtomicLong();
        var budget = new Budget(() -> slow.getAndAdd(TimeUnit.MILLISECONDS.toNanos(1_001)));
        GenerationException refusal = catchThrowableOfType(GenerationException.class, () -> kind.read(budget));
        assertThat(refusal.code()).isEqualTo(ErrorCode.GRAMMAR_TOO_COMPLEX);
        assertThat(refusal.param()).startsWith("response_format");
        assertThat(refusal).hasMessageContaining("(limit: 1000 ms)");
    }

    @Test
    void timeBeginsWithTheFirstPart() {
        var clock = new AtomicLong(TimeUnit.HOURS.toNanos(1));
        var budget = new Budget(clock::get);
        clock.addAndGet(TimeUnit.HOURS.toNanos(1));
        assertThatCode(() -> budget.time(PLACE)).doesNotThrowAnyException();
        clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThatCode(() -> budget.time(PLACE)).doesNotThrowAnyException();
    }
}
