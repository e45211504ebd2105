package dev.conch.sim.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.conch.sim.script.EngineVariant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulated model declares what {@code triton-models/tensorrt_llm/config.pbtxt} declares. */
class ContractOfTheModelTest {
    private static final TensorContract CONTRACT = TensorContract.of(EngineVariant.conch());

    private static String config() throws IOException {
        return Files.readString(Path.of("..", "..", "triton-models", "tensorrt_llm", "config.pbtxt"));
    }

    private static List<TensorSpec> declared(String kind) throws IOException {
        return Pattern.compile(
                        "(?m)^" + kind + " \\[ \\{ name: \"(\\w+)\" data_type: TYPE_(\\w+) dims: \\[ ([^]]*) ](.*)$")
                .matcher(config())
                .results()
                .map(line -> spec(line, kind.equals("output")))
                .toList();
    }

    private static TensorSpec spec(MatchResult line, boolean isOutput) {
        List<Long> dims =
                Arrays.stream(group(line, 3).split(", ")).map(Long::valueOf).toList();
        Datatype datatype = group(line, 2).equals("STRING") ? Datatype.BYTES : Datatype.valueOf(group(line, 2));
        String rest = group(line, 4);
        boolean optional = isOutput || rest.contains("optional: true");
        return new TensorSpec(group(line, 1), datatype, dims, rest.contains("reshape"), optional);
    }

    private static String group(MatchResult line, int number) {
        return Objects.requireNonNull(line.group(number));
    }

    @Test
    void inputs() throws IOException {
        assertThat(CONTRACT.inputs()).containsExactlyInAnyOrderElementsOf(declared("input"));
    }

    @Test
    void outputs() throws IOException {
        assertThat(CONTRACT.outputs()).containsExactlyInAnyOrderElementsOf(declared("output"));
    }

    @Test
    void unsupportedInputs() throws IOException {
        assertThat(config())
                .contains("value { string_value: \"" + String.join(",", UnsupportedInputs.names()) + "\" }");
        assertThat(UnsupportedInputs.names())
                .allMatch(name -> CONTRACT.input(name).isPresent());
    }

    @Test
    void typesOfGuides() throws IOException {
        assertThat(config())
                .contains("value { string_value: \"" + String.join(",", TensorContract.GUIDE_TYPES) + "\" }");
    }

    static Stream<Tensor> inputsThatAskForNothing() {
        return Stream.of(
                Tensor.fp32Row("runtime_top_p_min", 1e-6f),
                Tensor.int32("beam_width", 1),
                Tensor.int32Row("draft_input_ids"),
                Tensor.int32("seed", 7));
    }

    @ParameterizedTest
    @MethodSource("inputsThatAskForNothing")
    void whatAsksForNothingIsTaken(Tensor tensor) {
        assertThat(UnsupportedInputs.refuse(tensor)).isFalse();
    }

    static Stream<Tensor> inputsThatAskForSomething() {
        return Stream.of(
                Tensor.fp32Row("runtime_top_p_min", 0.1f),
                Tensor.int32("beam_width", 2),
                Tensor.int32Row("draft_input_ids", 0),
                new Tensor("lora_weights", Datatype.FP16, List.of(1L, 1L, 1L), ByteString.copyFrom(new byte[2])));
    }

    @ParameterizedTest
    @MethodSource("inputsThatAskForSomething")
    void whatAsksForSomethingIsRefused(Tensor tensor) {
        assertThat(UnsupportedInputs.refuse(tensor)).isTrue();
    }
}
