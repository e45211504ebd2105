package dev.conch.engine.triton;

import static dev.conch.engine.EngineRequests.choices;
import static dev.conch.engine.EngineRequests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.generation.GenerationRequest;
import dev.conch.generation.SamplingParams;
import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.proto.inference.ModelInferRequest.InferRequestedOutputTensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several choices in one request, or in one each. */
class ChoiceTensorsTest extends TensorsOfRequestsTest {

    @Test
    void leavesSeveralChoicesToTheModel() throws Exception {
        GenerationRequest request = choices(request(), 3);
        ModelCapabilities model = new ModelDescriptions().read();
        assertThat(codec.split(request, model)).containsExactly(request);
        ModelInferRequest message = codec.encode(request, model);
        assertThat(inputs(message)).containsEntry("num_return_sequences", "INT32[1, 1] 03 00 00 00");
        assertThat(message.getOutputsList())
                .extracting(InferRequestedOutputTensor::getName)
                .contains("sequence_index");
    }

    @ParameterizedTest
    @ValueSource(strings = {"num_return_sequences", "sequence_index"})
    void makesARequestOfEachChoiceWhereTheModelHasButOne(String tensor) throws Exception {
        ModelCapabilities model = new ModelDescriptions().without(tensor).read();
        GenerationRequest asked = choices(request(SamplingParams.of(1, 1, 0, 0, 7L)), 3);
        List<GenerationRequest> parts = codec.split(asked, model);
        assertThat(parts).extracting(part -> part.sampling().seed()).containsExactly(7L, 8L, 9L);
        assertThat(parts).allMatch(part -> part.choices() == 1);
        assertThat(parts)
                .extracting(GenerationRequest::id)
                .doesNotHaveDuplicates()
                .allMatch(id -> id.startsWith(asked.id()));
    }

    @Test
    void drawsOneSeedForAllChoices() throws Exception {
        ModelCapabilities model =
                new ModelDescriptions().without("num_return_sequences").read();
        assertThat(codec.split(choices(request(), 2), model))
                .extracting(part -> part.sampling().seed())
                .containsExactly(0x0102030405060708L, 0x0102030405060709L);
    }

    @Test
    void asksNoSeedOfAModelThatTakesNone() throws Exception {
        ModelCapabilities model = new ModelDescriptions()
                .without("num_return_sequences")
                .without("seed")
                .read();
        assertThat(codec.split(choices(request(), 2), model))
                .allMatch(part -> part.sampling().seed() == null);
    }
}
