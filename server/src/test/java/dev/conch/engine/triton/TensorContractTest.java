package dev.conch.engine.triton;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tables of this room against the configuration of the model that the repository comes with. */
class TensorContractTest {
    private static final Path CONFIG = Path.of("../triton-models/tensorrt_llm/config.pbtxt");
    private static final Pattern TENSOR = Pattern.compile(
            "^(input|output) \\[ \\{ name: \"(\\w+)\" data_type: TYPE_(\\w+) dims: \\[ ([-0-9, ]+) \\]",
            Pattern.MULTILINE);

    /** The dimensions that a request is written with, without the batch. */
    private static final Map<InputTensor, String> DIMENSIONS = Map.of(
            InputTensor.INPUT_IDS, "-1",
            InputTensor.EMBEDDING_BIAS, "-1",
            InputTensor.STOP_WORDS_LIST, "2, -1",
            InputTensor.BAD_WORDS_LIST, "2, -1");

    private final Map<String, String> inputs = declared("input");
    private final Map<String, String> outputs = declared("output");

    TensorContractTest() throws IOException {}

    /** Type and dimensions of each. */
    private static Map<String, String> declared(String kind) throws IOException {
        Map<String, String> tensors = new HashMap<>();
        Matcher matcher = TENSOR.matcher(Files.readString(CONFIG));
        while (matcher.find()) {
            if (kind.equals(matcher.group(1))) {
                String type = "STRING".equals(matcher.group(3)) ? "BYTES" : matcher.group(3);
                tensors.put(String.valueOf(matcher.group(2)), type + "[" + matcher.group(4) + "]");
            }
        }
        return tensors;
    }

    @Test
    void readsTheConfigurationAtAll() {
        assertThat(inputs).hasSizeGreaterThan(30).containsEntry("stop_words_list", "INT32[2, -1]");
        assertThat(outputs).hasSizeGreaterThan(10).containsEntry("finish_reason", "BYTES[1]");
    }

    @ParameterizedTest
    @EnumSource
    void anInputIsDeclaredAsItIsWritten(InputTensor tensor) {
        assertThat(inputs)
                .containsEntry(
                        tensor.tensorName(), tensor.datatype() + "[" + DIMENSIONS.getOrDefault(tensor, "1") + "]");
    }

    @ParameterizedTest
    @EnumSource
    void anOutputIsDeclaredAsItIsRead(OutputTensor tensor) {
        String declared = String.valueOf(outputs.get(tensor.tensorName()));
        assertThat(declared).startsWith(tensor.datatype() + "[");
        assertThat(declared.split(",")).hasSize(tensor.rank() - 1);
    }

    @Test
    void noTwoTensorsShareAName() {
        assertThat(Stream.concat(
                        Arrays.stream(InputTensor.values()).flatMap(InputTensor::names),
                        Arrays.stream(OutputTensor.values()).map(OutputTensor::tensorName)))
                .doesNotHaveDuplicates();
    }
}
