package dev.conch.sim.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.List;
import org.junit.jupiter.api.Test;

class TensorTest {
    @Test
    void numbersAreLittleEndian() {
        Tensor tensor = Tensor.int32("t", 0x01020304);
        assertThat(tensor.data()).isEqualTo(ByteString.copyFrom(new byte[] {4, 3, 2, 1}));
        assertThat(tensor.shape()).containsExactly(1L, 1L);
        assertThat(tensor.asInt()).isEqualTo(0x01020304);
    }

    @Test
    void whatGoesInComesOut() {
        assertThat(Tensor.int32Row("t", 1, -2, Integer.MAX_VALUE).ints()).containsExactly(1, -2, Integer.MAX_VALUE);
        assertThat(Tensor.uint64("t", -1).longs()).containsExactly(-1L);
        assertThat(Tensor.fp32Row("t", 0.5f, -1f).floats()).containsExactly(0.5f, -1f);
        assertThat(Tensor.bool("t", true).asBoolean()).isTrue();
        assertThat(Tensor.bool("t", false).asBoolean()).isFalse();
        assertThat(Tensor.bytes("t", "żółw 🐢").strings()).containsExactly("żółw 🐢");
    }

    @Test
    void bytesStandBehindTheirLength() {
        assertThat(Tensor.bytes("t", "é").data())
                .isEqualTo(ByteString.copyFrom(new byte[] {2, 0, 0, 0, (byte) 0xC3, (byte) 0xA9}));
    }

    @Test
    void aRowMayBeEmpty() {
        Tensor tensor = Tensor.int32Row("t");
        assertThat(tensor.shape()).containsExactly(1L, 0L);
        assertThat(tensor.ints()).isEmpty();
    }

    @Test
    void theWrongTypeIsAnError() {
        assertThatThrownBy(() -> new Tensor("t", Datatype.INT64, List.of(1L), ByteString.EMPTY).ints())
                .hasMessage("t: datatype INT64 (expected: [INT32])");
    }
}
