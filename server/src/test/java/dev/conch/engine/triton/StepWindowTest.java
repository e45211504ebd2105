package dev.conch.engine.triton;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StepWindowTest {
    private final StepWindow window = new StepWindow();

    private void read(int steps) {
        for (int i = 0; i < steps; i++) {
            window.advance();
        }
    }

    @Test
    void tellsTheEngineNowAndThen() {
        read(StepWindow.ACKNOWLEDGED_EACH - 1);
        assertThat(window.acknowledgementIsDue()).isFalse();
        read(1);
        assertThat(window.acknowledgementIsDue()).isTrue();
        assertThat(window.acknowledge()).isEqualTo(StepWindow.ACKNOWLEDGED_EACH);
        assertThat(window.acknowledgementIsDue()).isFalse();
    }

    @Test
    void renewsLessOften() {
        read(StepWindow.RENEWED_EACH - 1);
        assertThat(window.renewalIsDue()).isFalse();
        read(1);
        assertThat(window.renewalIsDue()).isTrue();
        window.renew();
        assertThat(window.renewalIsDue()).isFalse();
    }

    /** What the engine was told counts once it has said so: until then it may never have heard it. */
    @Test
    void endsSoManyStepsBehindTheLastThatTheEngineKnowsOf() {
        read(StepWindow.STEPS - 1);
        long told = window.acknowledge();
        assertThat(window.isExhausted()).isFalse();
        read(1);
        assertThat(window.isExhausted()).isTrue();
        window.confirm(told);
        assertThat(window.isExhausted()).isFalse();
        window.confirm(0);
        assertThat(window.isExhausted()).isFalse();
    }

    @Test
    void hasNoEndForAnEngineThatGoesBeyondIt() {
        read(StepWindow.STEPS);
        assertThat(window.isExhausted()).isTrue();
        read(1);
        assertThat(window.isExhausted()).isFalse();
        read(StepWindow.STEPS);
        assertThat(window.isExhausted()).isFalse();
    }
}
