package dev.conch.sim.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.sim.Requests;
import dev.conch.sim.script.EngineVariant;
import dev.conch.sim.script.Reply;
import dev.conch.sim.tensor.ReceivedRequest;
import dev.conch.sim.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ContinuationTest {
    private static final int VOCABULARY = 2_000;
    private static final int[] PROMPT = {5, 6, 7};

    private static Continuation of(ModelInferRequest.Builder request, Reply reply) throws EngineException {
        GenerationInputs inputs =
                GenerationInputs.of(new ReceivedRequest(request.build()), EngineVariant.conch(), EngineLimits.roomy());
        return Continuation.of(inputs, 0, reply.tokens(), VOCABULARY);
    }

    private static int[] generate(int length, long seed, int... prompt) throws EngineException {
        var request = Requests.with(Requests.streaming("r", length, prompt), Tensor.uint64("seed", seed));
        return ids(of(request, Reply.generated()));
    }

    private static int[] ids(Continuation continuation) {
        return continuation.slice(0, continuation.length());
    }

    private static ModelInferRequest.Builder request(int maxTokens, Tensor... more) {
        return Requests.with(Requests.streaming("r", maxTokens, PROMPT), more);
    }

    @Test
    void aScriptEndsWithEos() throws Exception {
        Continuation continuation = of(request(9), Reply.ofTokens(1, 2));
        assertThat(ids(continuation)).containsExactly(1, 2);
        assertThat(continuation.reason()).isEqualTo(EndReason.STOP);
        assertThat(continuation.endsWithEos()).isTrue();
    }

    @Test
    void theLengthLimitCuts() throws Exception {
        Continuation continuation = of(request(2), Reply.ofTokens(1, 2, 3));
        assertThat(ids(continuation)).containsExactly(1, 2);
        assertThat(continuation.reason()).isEqualTo(EndReason.LENGTH);
        assertThat(continuation.endsWithEos()).isFalse();
    }

    @Test
    void theEndIdEndsAndIsLeftOut() throws Exception {
        Continuation continuation = of(request(9, Tensor.int32("end_id", 2)), Reply.ofTokens(1, 2, 3));
        assertThat(ids(continuation)).containsExactly(1);
        assertThat(continuation.endsWithEos()).isTrue();
    }

    @Test
    void theEndIdCountsOnlyAfterTheLeastTokens() throws Exception {
        var request = request(9, Tensor.int32("end_id", 2), Tensor.int32("min_tokens", 2));
        assertThat(ids(of(request, Reply.ofTokens(2, 1, 2, 3, 2, 4)))).containsExactly(1, 3);
    }

    @Test
    void aStopWordEndsAndIsLeftIn() throws Exception {
        Tensor words = Tensor.int32s("stop_words_list", List.of(1L, 2L, 3L), 5, 6, 7, 2, 3, -1);
        assertThat(ids(of(request(9, words), Reply.ofTokens(6, 1, 5, 6, 3)))).containsExactly(6, 1, 5, 6);
        Continuation single = of(request(9, words), Reply.ofTokens(1, 7, 3));
        assertThat(ids(single)).containsExactly(1, 7);
        assertThat(single.reason()).isEqualTo(EndReason.STOP);
        assertThat(single.endsWithEos()).isFalse();
    }

    @Test
    void equalRequestsGetEqualTokens() throws Exception {
        assertThat(generate(200, 42, PROMPT))
                .isEqualTo(generate(200, 42, PROMPT))
                .hasSize(200);
    }

    @Test
    void seedAndPromptMakeADifference() throws Exception {
        assertThat(generate(20, 42, PROMPT)).isNotEqualTo(generate(20, 43, PROMPT));
        assertThat(generate(20, 42, PROMPT)).isNotEqualTo(generate(20, 42, 5, 7, 6));
    }

    @Test
    void aPromptWithItsOwnAnswerGoesOnWhereItStood() throws Exception {
        int[] whole = generate(50, 42, PROMPT);
        int[] longer = IntStream.concat(Arrays.stream(PROMPT), Arrays.stream(whole, 0, 20))
                .toArray();
        assertThat(generate(30, 42, longer)).isEqualTo(Arrays.copyOfRange(whole, 20, 50));
    }

    @Test
    void generatedTokensStayInTheVocabulary() throws Exception {
        assertThat(Arrays.stream(generate(3_000, 1, PROMPT)))
                .allMatch(id -> id >= EngineLimits.FIRST_GENERATED_ID && id < VOCABULARY);
    }

    @Test
    void generatedTokensAreNeverTheEndId() throws Exception {
        int endId = generate(1, 0, PROMPT)[0];
        Continuation continuation = of(request(3_000, Tensor.int32("end_id", endId)), Reply.generated());
        assertThat(ids(continuation)).hasSize(3_000).doesNotContain(endId);
    }

    @Test
    void aGeneratedAnswerMayHaveAnEnd() throws Exception {
        Continuation continuation = of(request(9), Reply.generated(4));
        assertThat(continuation.length()).isEqualTo(4);
        assertThat(continuation.reason()).isEqualTo(EndReason.STOP);
    }
}
