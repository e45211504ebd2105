package dev.conch.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import org.junit.jupiter.api.Test;

class AdmissionControllerTest {
    private final AdmissionController admission = new AdmissionController(2);

    @Test
    void refusesMoreThanFit() {
        admission.enter();
        admission.enter();
        assertThatExceptionOfType(GenerationException.class)
                .isThrownBy(admission::enter)
                .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.OVERLOADED));
        assertThat(admission.inside()).isEqualTo(2);
    }

    @Test
    void givesTheOldPlaceAway() {
        admission.enter();
        Permit second = admission.enter();
        second.close();
        admission.enter();
        assertThat(admission.inside()).isEqualTo(2);
    }

    @Test
    void leavingTwiceFreesOnePlace() {
        Permit first = admission.enter();
        admission.enter();
        first.close();
        first.close();
        assertThat(admission.inside()).isEqualTo(1);
    }
}
