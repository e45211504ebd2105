package dev.conch.engine.triton;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.engine.triton.Renewal.End;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RenewalTest {
    private final Renewal renewal = new Renewal();

    @BeforeEach
    void begin() {
        renewal.begin();
    }

    @Test
    void isNotUnderWayBefore() {
        var none = new Renewal();
        assertThat(none.isUnderWay()).isFalse();
        assertThat(none.confirm()).isFalse();
        assertThat(none.end("gone")).isEqualTo(End.ALL);
    }

    @Test
    void isDoneWithTheEndOfTheOlderRequest() {
        assertThat(renewal.isUnderWay()).isTrue();
        assertThat(renewal.end("")).isEqualTo(End.OLDER);
        assertThat(renewal.isUnderWay()).isFalse();
        assertThat(renewal.confirm()).isFalse();
        assertThat(renewal.end("gone")).isEqualTo(End.ALL);
    }

    @Test
    void mayHearOfTheNewerRequestFirst() {
        assertThat(renewal.confirm()).isFalse();
        assertThat(renewal.isUnderWay()).isTrue();
        assertThat(renewal.end("")).isEqualTo(End.OLDER);
    }

    /** As when the newer request is refused and the older one goes on until its instance ends it. */
    @Test
    void isOverWhenBothHaveEnded() {
        assertThat(renewal.end("refused")).isEqualTo(End.EITHER);
        assertThat(renewal.isUnderWay()).isFalse();
        assertThat(renewal.end("unloaded")).isEqualTo(End.ALL);
    }

    @Test
    void knowsTheEndOfTheOlderRequestByTheNewerOne() {
        assertThat(renewal.confirm()).isFalse();
        assertThat(renewal.end("out of luck")).isEqualTo(End.ALL_BUT_NEWER);
        assertThat(renewal.error()).isEqualTo("out of luck");
    }

    @Test
    void knowsItAfterwardsToo() {
        assertThat(renewal.end("out of luck")).isEqualTo(End.EITHER);
        assertThat(renewal.confirm()).isTrue();
        assertThat(renewal.error()).isEqualTo("out of luck");
    }

    @Test
    void beginsAnew() {
        assertThat(renewal.confirm()).isFalse();
        assertThat(renewal.end("")).isEqualTo(End.OLDER);
        renewal.begin();
        assertThat(renewal.isUnderWay()).isTrue();
        assertThat(renewal.end("refused")).isEqualTo(End.EITHER);
    }
}
