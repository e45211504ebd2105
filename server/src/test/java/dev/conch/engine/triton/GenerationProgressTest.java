package dev.conch.engine.triton;

import static dev.conch.engine.EngineRequests.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.conch.engine.EngineOutput;
import dev.conch.engine.EngineOutput.End;
import dev.conch.generation.GenerationRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests have a prompt of 10 tokens and end token 2. */
class GenerationProgressTest {
    private static final @Nullable String NONE = null;

    private final ModelDescriptions model = new ModelDescriptions();

    @Test
    void passesOnTokensAsTheyCome() throws Exception {
        GenerationProgress progress = of(request());
        assertThat(progress.accept(tokens(11))).isEqualTo(EngineOutput.tokens(0, 11));
        assertThat(progress.accept(tokens(12, 13))).isEqualTo(EngineOutput.tokens(0, 12, 13));
        assertThat(progress.accept(last(NONE, 14))).isEqualTo(EngineOutput.last(0, End.STOP, 14));
    }

    @Test
    void saysNothingOfAResponseWithoutNews() throws Exception {
        GenerationProgress progress = of(request());
        assertThat(progress.accept(tokens())).isNull();
        assertThat(progress.answered()).isFalse();
    }

    @Test
    void hasAnsweredWithTheFirstToken() throws Exception {
        GenerationProgress progress = of(request());
        progress.accept(tokens(11));
        assertThat(progress.answered()).isTrue();
    }

    @Test
    void infersStopFromAnAnswerThatHadRoomLeft() throws Exception {
        assertThat(endOf(request(3), last(NONE, 11, 12))).isEqualTo(End.STOP);
        assertThat(endOf(request(3), last(NONE))).isEqualTo(End.STOP);
    }

    @Test
    void infersLengthFromAnAnswerThatHasAllItAskedFor() throws Exception {
        assertThat(endOf(request(3), last(NONE, 11, 12, 13))).isEqualTo(End.LENGTH);
    }

    @Test
    void infersLengthFromAnAnswerThatFillsTheContext() throws Exception {
        model.withParameter("max_seq_len", "12");
        assertThat(endOf(request(64), last(NONE, 11))).isEqualTo(End.STOP);
        assertThat(endOf(request(64), last(NONE, 11, 12))).isEqualTo(End.LENGTH);
    }

    @Test
    void infersStopFromAnEndTokenInTheLastPlace() throws Exception {
        assertThat(endOf(request(2, 2, 5), last(NONE, 11, 5))).isEqualTo(End.STOP);
    }

    @Test
    void infersFromTokensOfEarlierResponses() throws Exception {
        GenerationProgress progress = of(request(2));
        progress.accept(tokens(11, 12));
        assertThat(progress.accept(last(NONE))).isEqualTo(EngineOutput.last(0, End.LENGTH));
    }

    @Test
    void takesTheEnginesWord() throws Exception {
        assertThat(endOf(request(2), last("stop", 11, 12))).isEqualTo(End.STOP);
        assertThat(endOf(request(64), last("length", 11))).isEqualTo(End.LENGTH);
    }

    @Test
    void remembersAFinishReasonUntilTheFinalResponse() throws Exception {
        GenerationProgress progress = of(request());
        progress.accept(new StreamResponse("", false, false, new int[] {11}, "length"));
        assertThat(progress.accept(last(NONE))).isEqualTo(EngineOutput.last(0, End.LENGTH));
    }

    @ParameterizedTest
    @CsvSource({"cancelled", "timeout", "None"})
    void doesNotTakeAnyOtherFinishReasonForAnEnd(String reason) {
        assertThatExceptionOfType(BrokenContractException.class)
                .isThrownBy(() -> endOf(request(), last(reason, 11)))
                .withMessageContaining(reason);
    }

    @Test
    void refusesTokensOfAnotherRequest() {
        assertThatExceptionOfType(BrokenContractException.class)
                .isThrownBy(() -> of(request()).accept(new StreamResponse("", true, false, new int[] {11}, null)));
    }

    @Test
    void refusesMoreTokensThanWereAskedFor() throws Exception {
        GenerationProgress progress = of(request(2));
        progress.accept(tokens(11, 12));
        assertThatExceptionOfType(BrokenContractException.class).isThrownBy(() -> progress.accept(tokens(13)));
    }

    @Test
    void refusesIdsOutsideTheVocabulary() throws Exception {
        assertThatExceptionOfType(BrokenContractException.class)
                .isThrownBy(() -> of(request()).accept(tokens(-1)));
        model.withParameter("vocab_size", "100");
        assertThat(of(request()).accept(tokens(99))).isNotNull();
        assertThatExceptionOfType(BrokenContractException.class)
                .isThrownBy(() -> of(request()).accept(tokens(100)));
    }

    private GenerationProgress of(GenerationRequest request) throws BrokenContractException {
        return new GenerationProgress(request, model.read());
    }

    private @Nullable End endOf(GenerationRequest request, StreamResponse response) throws BrokenContractException {
        EngineOutput output = of(request).accept(response);
        return output == null ? null : output.end();
    }

    private static StreamResponse tokens(int... ids) {
        return new StreamResponse("", false, false, ids, null);
    }

    private static StreamResponse last(@Nullable String finishReason, int... ids) {
        return new StreamResponse("", false, true, ids, finishReason);
    }
}
