package dev.conch.sim.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.conch.proto.inference.ModelStreamInferResponse;
import dev.conch.sim.script.Corruption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseEncoderTest {
    private final ResponseEncoder encoder = new ResponseEncoder("tensorrt_llm", "r");

    private static ModelStreamInferResponse parse(byte[] response) throws InvalidProtocolBufferException {
        return ModelStreamInferResponse.parseFrom(response);
    }

    /** The same response, by an encoder that has nothing to copy from. */
    private static byte[] fresh(int id) {
        return new ResponseEncoder("tensorrt_llm", "r").tokens(new int[] {id}, false, List.of());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 49_151, Integer.MAX_VALUE, -1})
    void aCopyEqualsAnEncoding(int id) {
        encoder.tokens(new int[] {7}, false, List.of());
        assertThat(encoder.tokens(new int[] {id}, false, List.of())).isEqualTo(fresh(id));
    }

    @Test
    void copiesAreIndependent() {
        byte[] first = encoder.tokens(new int[] {1}, false, List.of());
        encoder.tokens(new int[] {2}, false, List.of());
        assertThat(first).isEqualTo(fresh(1));
    }

    @Test
    void otherResponsesAreNotCopies() throws Exception {
        encoder.tokens(new int[] {1}, false, List.of());
        assertThat(parse(encoder.tokens(new int[] {2}, true, List.of()))
                        .getInferResponse()
                        .getParametersOrThrow("triton_final_response")
                        .getBoolParam())
                .isTrue();
        assertThat(parse(encoder.tokens(new int[] {2}, false, List.of(Tensor.int32("cached_tokens", 3))))
                        .getInferResponse()
                        .getOutputsCount())
                .isEqualTo(3);
    }

    @Test
    void corruptionReachesCopiesToo() throws Exception {
        encoder.tokens(new int[] {1}, false, List.of());
        encoder.corrupt(Corruption.WRONG_ID);
        for (int id = 2; id < 4; id++) {
            assertThat(parse(encoder.tokens(new int[] {id}, false, List.of()))
                            .getInferResponse()
                            .getId())
                    .isEqualTo("nobody-r");
        }
    }

    @Test
    void theLoneFinalFlagHasNoVersion() throws Exception {
        var response = parse(encoder.finalFlag()).getInferResponse();
        assertThat(response.getModelName()).isEqualTo("tensorrt_llm");
        assertThat(response.getModelVersion()).isEmpty();
        assertThat(response.getOutputsCount()).isZero();
    }
}
