package dev.conch.engine.triton;

import static dev.conch.engine.EngineRequests.request;
import static dev.conch.engine.triton.StreamResponse.NO_TOKENS;
import static dev.conch.engine.triton.StreamResponse.UNTOLD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.conch.engine.EngineOutput;
import dev.conch.engine.EngineOutput.End;
import dev.conch.engine.EngineRequests;
import dev.conch.generation.GenerationRequest;
import dev.conch.generation.StopConditions;
import dev.conch.generation.TokenLogprob;
import dev.conch.generation.TokenLogprob.Alternative;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests have a prompt of 10 tokens and end token 2. */
class GenerationProgressTest {
    private static final @Nullable String NONE = null;
    private static final float[] NONE_AT_ALL = ResponseLogprobs.NONE;

    private final ModelDescriptions model = new ModelDescriptions();

    @Test
    void passesOnTokensAsTheyCome() throws Exception {
        GenerationProgress progress = of(request());
        assertThat(accept(progress, tokens(11))).containsExactly(EngineOutput.tokens(0, 11));
        assertThat(accept(progress, tokens(12, 13))).containsExactly(EngineOutput.tokens(0, 12, 13));
        assertThat(accept(progress, last(NONE, 14))).containsExactly(EngineOutput.last(0, End.STOP, 14));
    }

    @Test
    void saysNothingOfAResponseWithoutNews() throws Exception {
        GenerationProgress progress = of(request());
        assertThat(accept(progress, tokens())).isEmpty();
        assertThat(progress.ended()).isFalse();
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
        accept(progress, tokens(11, 12));
        assertThat(accept(progress, last(NONE))).containsExactly(EngineOutput.last(0, End.LENGTH));
    }

    @Test
    void takesTheEnginesWord() throws Exception {
        assertThat(endOf(request(2), last("stop", 11, 12))).isEqualTo(End.STOP);
        assertThat(endOf(request(64), last("length", 11))).isEqualTo(End.LENGTH);
    }

    @Test
    void endsAChoiceAsSoonAsTheEngineSaysWhy() throws Exception {
        GenerationProgress progress = of(request());
        assertThat(accept(progress, response(false, UNTOLD, null, "length", 11)))
                .containsExactly(EngineOutput.last(0, End.LENGTH, 11));
        assertThat(progress.ended()).isTrue();
        assertThat(accept(progress, last(NONE))).isEmpty();
    }

    @Test
    void refusesTokensAfterTheEnd() throws Exception {
        GenerationProgress progress = of(request());
        accept(progress, response(false, UNTOLD, null, "stop", 11));
        assertBroken(progress, tokens(12));
    }

    @Test
    void refusesEverythingAfterTheFinalResponse() throws Exception {
        GenerationProgress progress = of(request());
        accept(progress, last(NONE, 11));
        assertBroken(progress, last(NONE));
    }

    @Test
    void infersStopFromAStopTokenOfTheCallersInTheLastPlace() throws Exception {
        var stop = new StopConditions(2, 0, List.of(2), List.of(7), List.of(), false);
        assertThat(endOf(request(stop), last(NONE, 11, 7))).isEqualTo(End.STOP);
    }

    @Test
    void goesToTheLimitWithoutEndTokens() throws Exception {
        assertThat(endOf(request(2, new Integer[0]), last(NONE, 11, 2))).isEqualTo(End.LENGTH);
    }

    @Test
    void keepsSequencesApart() throws Exception {
        GenerationProgress progress = of(choices(2));
        assertThat(accept(progress, of(1, 21))).containsExactly(EngineOutput.tokens(1, 21));
        assertThat(accept(progress, of(0, 11))).containsExactly(EngineOutput.tokens(0, 11));
        assertThat(accept(progress, response(false, 1, null, "stop"))).containsExactly(EngineOutput.last(1, End.STOP));
        assertThat(progress.ended()).isFalse();
        assertThat(accept(progress, response(true, 0, null, "length", 12)))
                .containsExactly(EngineOutput.last(0, End.LENGTH, 12));
        assertThat(progress.ended()).isTrue();
    }

    @Test
    void infersTheEndsOfAllSequencesWhereTheEngineSaysOnlyThatItIsDone() throws Exception {
        GenerationProgress progress = of(choices(3));
        accept(progress, of(0, 11));
        accept(progress, of(2, 31, 32));
        assertThat(accept(progress, response(true, 1, null, NONE)))
                .containsExactly(
                        EngineOutput.last(1, End.STOP),
                        EngineOutput.last(0, End.STOP),
                        EngineOutput.last(2, End.LENGTH));
    }

    @Test
    void namesChoicesAsItWasTold() throws Exception {
        var progress = new GenerationProgress(request(), 3, model.read());
        assertThat(accept(progress, tokens(11))).containsExactly(EngineOutput.tokens(3, 11));
    }

    @Test
    void refusesSequencesThatNobodyAskedFor() throws Exception {
        assertBroken(of(choices(2)), of(2, 11));
        assertBroken(of(request()), of(1, 11));
        assertBroken(of(choices(2)), tokens(11));
    }

    @Test
    void countsTheTokensOfEachSequence() throws Exception {
        GenerationProgress progress = of(choices(2));
        accept(progress, of(0, 11, 12));
        accept(progress, of(1, 21, 22));
        assertBroken(progress, of(1, 23));
    }

    @Test
    void takesFromAGrowingListWhatIsNew() throws Exception {
        GenerationProgress progress = of(logprobs(0));
        assertThat(logprobsOf(progress, -1f)).containsExactly(logprob(11, -1));
        // With the end token, which is no output, there is one more.
        assertThat(logprobsOf(progress, -1f, -2f, -9f)).containsExactly(logprob(11, -2));
    }

    @Test
    void takesAListOfTheNewOnesAlone() throws Exception {
        GenerationProgress progress = of(logprobs(0));
        assertThat(logprobsOf(progress, -1f)).containsExactly(logprob(11, -1));
        assertThat(logprobsOf(progress, -2f)).containsExactly(logprob(11, -2));
        assertThat(logprobsOf(progress, -3f)).containsExactly(logprob(11, -3));
    }

    @Test
    void keepsTheLogprobsOfSequencesApart() throws Exception {
        GenerationProgress progress = of(with(choices(2), 0));
        accept(
                progress,
                response(
                        false, 0, new ResponseLogprobs(2, new float[] {-1, -2}, NO_TOKENS, NONE_AT_ALL), NONE, 11, 12));
        assertThat(accept(progress, response(false, 1, sampled(-3), NONE, 21)))
                .containsExactly(new EngineOutput(1, new int[] {21}, List.of(logprob(21, -3)), null));
    }

    @Test
    void pairsIdsWithTheirLogprobsAtEachPlace() throws Exception {
        var logprobs = new ResponseLogprobs(
                2, new float[] {-1, -2}, new int[] {11, 5, 7, 12}, new float[] {-1, -3, -1.5f, -2});
        assertThat(accept(of(logprobs(2)), response(false, UNTOLD, logprobs, NONE, 11, 12)))
                .flatExtracting(EngineOutput::logprobs)
                .containsExactly(
                        new TokenLogprob(11, -1, List.of(new Alternative(11, -1), new Alternative(5, -3))),
                        new TokenLogprob(12, -2, List.of(new Alternative(7, -1.5f), new Alternative(12, -2))));
    }

    @Test
    void saysWhatJsonCanSay() throws Exception {
        assertThat(logprobsOf(of(logprobs(0)), Float.NEGATIVE_INFINITY)).containsExactly(logprob(11, -9999));
        assertThat(logprobsOf(of(logprobs(0)), 1e-7f)).containsExactly(logprob(11, 0));
    }

    @Test
    void refusesLogprobsThatAreNone() throws Exception {
        assertBroken(of(logprobs(0)), response(false, UNTOLD, sampled(Float.NaN), NONE, 11));
        assertBroken(of(logprobs(0)), response(false, UNTOLD, sampled(0.5f), NONE, 11));
        var nan = new ResponseLogprobs(1, new float[] {-1}, new int[] {11}, new float[] {Float.NaN});
        assertBroken(of(logprobs(1)), response(false, UNTOLD, nan, NONE, 11));
    }

    @Test
    void refusesAnotherNumberOfLogprobs() throws Exception {
        assertBroken(of(logprobs(0)), tokens(11));
        assertBroken(of(logprobs(0)), response(false, UNTOLD, sampled(), NONE, 11));
        assertBroken(of(logprobs(0)), response(false, UNTOLD, sampled(-1, -2, -3), NONE, 11));
        assertBroken(of(logprobs(1)), response(false, UNTOLD, sampled(-1), NONE, 11));
        var two = new ResponseLogprobs(1, new float[] {-1}, new int[] {11, 12}, new float[] {-1, -2});
        assertBroken(of(logprobs(1)), response(false, UNTOLD, two, NONE, 11));
        assertBroken(of(logprobs(0)), response(false, UNTOLD, two, NONE, 11));
    }

    @Test
    void refusesAlternativesOutsideTheVocabulary() throws Exception {
        model.withParameter("vocab_size", "100");
        var stranger = new ResponseLogprobs(1, new float[] {-1}, new int[] {100}, new float[] {-1});
        assertBroken(of(logprobs(1)), response(false, UNTOLD, stranger, NONE, 11));
    }

    @Test
    void needsNoLogprobsWhereThereAreNoTokens() throws Exception {
        assertThat(accept(of(logprobs(2)), last(NONE))).containsExactly(EngineOutput.last(0, End.STOP));
    }

    @Test
    void doesNotPassOnLogprobsThatNobodyAskedFor() throws Exception {
        assertThat(logprobsOf(of(request()), -1f)).isEmpty();
    }

    @Test
    void believesNoMoreOfThePromptThanThereIs() throws Exception {
        of(request()).requireOfPrompt(UNTOLD);
        of(request()).requireOfPrompt(10);
        assertThatExceptionOfType(BrokenContractException.class)
                .isThrownBy(() -> of(request()).requireOfPrompt(11));
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
                .isThrownBy(() -> accept(
                        of(request()),
                        new StreamResponse("", true, false, UNTOLD, new int[] {11}, null, UNTOLD, null)));
    }

    @Test
    void refusesMoreTokensThanWereAskedFor() throws Exception {
        GenerationProgress progress = of(request(2));
        accept(progress, tokens(11, 12));
        assertThatExceptionOfType(BrokenContractException.class).isThrownBy(() -> accept(progress, tokens(13)));
    }

    @Test
    void refusesIdsOutsideTheVocabulary() throws Exception {
        assertThatExceptionOfType(BrokenContractException.class).isThrownBy(() -> accept(of(request()), tokens(-1)));
        model.withParameter("vocab_size", "100");
        assertThat(accept(of(request()), tokens(99))).isNotNull();
        assertThatExceptionOfType(BrokenContractException.class).isThrownBy(() -> accept(of(request()), tokens(100)));
    }

    private GenerationProgress of(GenerationRequest request) throws BrokenContractException {
        return new GenerationProgress(request, 0, model.read());
    }

    private static List<EngineOutput> accept(GenerationProgress progress, StreamResponse response)
            throws BrokenContractException {
        List<EngineOutput> heard = new ArrayList<>();
        progress.accept(response, heard::add);
        return heard;
    }

    private static void assertBroken(GenerationProgress progress, StreamResponse response) {
        assertThatExceptionOfType(BrokenContractException.class).isThrownBy(() -> accept(progress, response));
    }

    private @Nullable End endOf(GenerationRequest request, StreamResponse response) throws BrokenContractException {
        return accept(of(request), response).getLast().end();
    }

    private static List<TokenLogprob> logprobsOf(GenerationProgress progress, float... logprobs) throws Exception {
        return accept(progress, response(false, UNTOLD, sampled(logprobs), NONE, 11))
                .getFirst()
                .logprobs();
    }

    /** As the parser reads those of a message with one token: the last two are all it keeps. */
    private static ResponseLogprobs sampled(float... logprobs) {
        int kept = Math.min(2, logprobs.length);
        float[] latest = Arrays.copyOfRange(logprobs, logprobs.length - kept, logprobs.length);
        return new ResponseLogprobs(logprobs.length, latest, NO_TOKENS, NONE_AT_ALL);
    }

    private static TokenLogprob logprob(int id, float logprob) {
        return new TokenLogprob(id, logprob, List.of());
    }

    /** Wants at most two tokens for each choice. */
    private static GenerationRequest choices(int choices) {
        return EngineRequests.choices(request(2), choices);
    }

    private static GenerationRequest logprobs(int alternatives) {
        return with(request(), alternatives);
    }

    private static GenerationRequest with(GenerationRequest request, int alternatives) {
        return EngineRequests.logprobs(request, alternatives);
    }

    private static StreamResponse of(int sequence, int... ids) {
        return response(false, sequence, null, NONE, ids);
    }

    private static StreamResponse tokens(int... ids) {
        return response(false, UNTOLD, null, null, ids);
    }

    private static StreamResponse last(@Nullable String finishReason, int... ids) {
        return response(true, UNTOLD, null, finishReason, ids);
    }

    private static StreamResponse response(
            boolean last,
            int sequence,
            @Nullable ResponseLogprobs logprobs,
            @Nullable String finishReason,
            int... ids) {
        return new StreamResponse("", false, last, sequence, ids, logprobs, UNTOLD, finishReason);
    }
}
