package dev.conch.engine.triton;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conch.engine.EngineCapabilities;
import dev.conch.generation.EngineFeature;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelCapabilitiesTest {

    @Test
    void findsEveryTensorOfTheTable() throws Exception {
        ModelCapabilities model = new ModelDescriptions().read();
        assertThat(InputTensor.values()).allMatch(model::has);
        assertThat(model.outputs()).containsExactlyInAnyOrder(OutputTensor.values());
    }

    @Test
    void findsARenamedTensorByItsFormerName() throws Exception {
        ModelCapabilities model = new ModelDescriptions()
                .without("seed")
                .withInput("random_seed", "UINT64")
                .read();
        assertThat(model.nameOf(InputTensor.SEED)).isEqualTo("random_seed");
    }

    @Test
    void prefersTodaysName() throws Exception {
        ModelCapabilities model =
                new ModelDescriptions().withInput("random_seed", "UINT64").read();
        assertThat(model.nameOf(InputTensor.SEED)).isEqualTo("seed");
    }

    @Test
    void doesNotTakeATensorOfAnotherType() throws Exception {
        ModelCapabilities model =
                new ModelDescriptions().withInput("temperature", "FP16").read();
        assertThat(model.has(InputTensor.TEMPERATURE)).isFalse();
        assertThat(model.nameOf(InputTensor.TEMPERATURE)).isNull();
    }

    @Test
    void doesNotTakeATensorThatTheModelDeclaresAndDoesNotHonour() throws Exception {
        ModelCapabilities model = new ModelDescriptions()
                .withParameter("unsupported_inputs", "bad_words_list,seed,lora_name")
                .read();
        assertThat(model.has(InputTensor.SEED)).isFalse();
        assertThat(model.has(InputTensor.TEMPERATURE)).isTrue();
    }

    @Test
    void doesWithoutAFinishReason() throws Exception {
        ModelCapabilities model =
                new ModelDescriptions().without("finish_reason").read();
        assertThat(model.has(OutputTensor.FINISH_REASON)).isFalse();
        assertThat(model.outputs()).hasSize(OutputTensor.values().length - 1);
    }

    @Test
    void isTheSameModelAsLongAsItSaysTheSameOfItself() throws Exception {
        String identity =
                identity(new ModelDescriptions().withParameter("a", "1").withParameter("b", "2"));
        assertThat(identity)
                .matches("[0-9a-f]{64}")
                .isEqualTo(
                        identity(new ModelDescriptions().withParameter("b", "2").withParameter("a", "1")));
        assertThat(List.of(
                        identity(new ModelDescriptions()),
                        identity(new ModelDescriptions().withParameter("a", "1")),
                        identity(new ModelDescriptions().withParameter("a", "2")),
                        identity(new ModelDescriptions().without("min_p")),
                        identity(new ModelDescriptions().withInput("further", "INT32")),
                        identity(new ModelDescriptions().version("2")),
                        identity(new ModelDescriptions().platform("python"))))
                .doesNotHaveDuplicates();
    }

    private static String identity(ModelDescriptions model) throws BrokenContractException {
        return model.read().forEngine().identity();
    }

    @Test
    void saysThatItCanDoWhatItHasTensorsFor() throws Exception {
        EngineCapabilities all = new ModelDescriptions()
                .withParameter("vocab_size", "49152")
                .withParameter("max_seq_len", "4096")
                .read()
                .forEngine();
        assertThat(all.features()).containsExactlyInAnyOrderElementsOf(EnumSet.allOf(EngineFeature.class));
        assertThat(all.vocabSize()).isEqualTo(49_152);
        assertThat(all.maxSequenceLength()).isEqualTo(4_096);
    }

    @ParameterizedTest
    @CsvSource({
        "temperature, TEMPERATURE TOP_P",
        "runtime_top_k, TOP_K",
        "runtime_top_p, TEMPERATURE TOP_P",
        "min_p, MIN_P",
        "seed, SEED",
        "frequency_penalty, FREQUENCY_PENALTY",
        "presence_penalty, PRESENCE_PENALTY",
        "repetition_penalty, REPETITION_PENALTY",
        "no_repeat_ngram_size, NO_REPEAT_NGRAM_SIZE",
        "embedding_bias, LOGIT_BIAS",
        "bad_words_list, BAD_WORDS",
        "min_tokens, MIN_TOKENS",
        "return_log_probs, LOGPROBS TOP_LOGPROBS",
        "output_log_probs, LOGPROBS TOP_LOGPROBS",
        "num_logprobs, TOP_LOGPROBS",
        "top_logprob_ids, TOP_LOGPROBS",
        "top_logprobs, TOP_LOGPROBS",
        "cached_tokens, CACHED_TOKENS"
    })
    void doesNotSayThatItCanDoWhatItLacksATensorFor(String tensor, String missing) throws Exception {
        Set<EngineFeature> features = new ModelDescriptions()
                .withParameter("vocab_size", "49152")
                .without(tensor)
                .read()
                .forEngine()
                .features();
        Set<EngineFeature> lacking = EnumSet.complementOf(EnumSet.copyOf(features));
        assertThat(lacking).extracting(EngineFeature::name).containsExactlyInAnyOrder(missing.split(" "));
    }

    @Test
    void cannotBiasAVocabularyOfUnknownSize() throws Exception {
        assertThat(new ModelDescriptions().read().forEngine().features()).doesNotContain(EngineFeature.LOGIT_BIAS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "input_ids",
                "input_lengths",
                "request_output_len",
                "end_id",
                "stop_words_list",
                "streaming",
                "output_ids",
                "sequence_length"
            })
    void refusesAModelThatLacksAnEssentialTensor(String tensor) {
        assertThatThrownBy(() -> new ModelDescriptions().without(tensor).read())
                .isInstanceOf(BrokenContractException.class)
                .hasMessageContaining(tensor);
    }

    @Test
    void refusesAModelThatCannotStream() {
        assertThatThrownBy(() -> new ModelDescriptions().decoupled(false).read())
                .isInstanceOf(BrokenContractException.class)
                .hasMessageContaining("decoupled");
    }

    @Test
    void readsLimitsWhereTheModelExportsThem() throws Exception {
        ModelCapabilities model = new ModelDescriptions()
                .withParameter("vocab_size", "49152")
                .withParameter("max_seq_len", " 8192 ")
                .read();
        assertThat(model.vocabSize()).isEqualTo(49_152);
        assertThat(model.maxSequenceLength()).isEqualTo(8_192);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "many", "${max_seq_len}", "99999999999"})
    void knowsNoLimitWhereTheModelExportsNonsense(String value) throws Exception {
        ModelCapabilities model =
                new ModelDescriptions().withParameter("max_seq_len", value).read();
        assertThat(model.maxSequenceLength()).isEqualTo(Integer.MAX_VALUE);
        assertThat(model.vocabSize()).isEqualTo(Integer.MAX_VALUE);
    }
}
