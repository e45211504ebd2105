package dev.conch.http.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.openai.Tool;
import dev.conch.openai.ToolChoice;
import dev.conch.openai.ToolOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolOptionsReaderTest {
    private static final String TOOLS = """
            "tools":[{"type":"function","function":{"name":"f","strict":true,"parameters":{"type":"object"}}},
                     {"type":"function","function":{"name":"g"}}]""";
    private static final String FUNCTIONS = """
            "functions":[{"name":"f","parameters":{"type":"object"}},{"name":"g"}]""";

    @Test
    void leavesTheChoiceToTheModelByDefault() {
        assertThat(options("{" + TOOLS + "}")).isEqualTo(ToolOptions.DEFAULT);
    }

    @Test
    void knowsWhatIsOffered() {
        List<Tool> tools = ToolOptionsReader.tools(fields("{" + TOOLS + "}"));
        assertThat(tools).extracting(Tool::name).containsExactly("f", "g");
        assertThat(tools).extracting(Tool::strict).containsExactly(true, false);
        assertThat(tools.get(0).parameters()).isEqualTo(Map.of("type", "object"));
        assertThat(tools.get(1).parameters()).isEmpty();
    }

    @Test
    void readsEveryChoice() {
        assertThat(choice("\"none\"")).isEqualTo(new ToolChoice.None());
        assertThat(choice("\"auto\"")).isEqualTo(new ToolChoice.Auto());
        assertThat(choice("\"required\"")).isEqualTo(new ToolChoice.Required());
        assertThat(choice("{\"type\":\"function\",\"function\":{\"name\":\"g\"}}"))
                .isEqualTo(new ToolChoice.Named("g"));
        assertThat(choice("{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"required\",\"tools\":["
                        + "{\"type\":\"function\",\"function\":{\"name\":\"g\"}}]}}"))
                .isEqualTo(new ToolChoice.Allowed(true, List.of("g")));
    }

    @Test
    void takesOpenAisOlderForm() {
        String request = "{" + FUNCTIONS + ",\"function_call\":{\"name\":\"g\"}}";
        assertThat(options(request)).isEqualTo(new ToolOptions(new ToolChoice.Named("g"), false, true));
        Tool first = ToolOptionsReader.tools(fields(request)).getFirst();
        assertThat(first.definition().get("type")).isEqualTo("function");
        assertThat(first.name()).isEqualTo("f");
        assertThat(options("{" + FUNCTIONS + ",\"function_call\":\"none\"}").choice())
                .isEqualTo(new ToolChoice.None());
    }

    @Test
    void oneCallAtATimeIfAskedFor() {
        assertThat(options("{" + TOOLS + ",\"parallel_tool_calls\":false}").parallel())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\":\"function\",\"function\":{\"name\":\"h\"}} | tool_choice.function.name",
                "{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"auto\",\"tools\":[]}} | tool_choice.allowed_tools.tools",
                "{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"auto\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"h\"}}]}} | tool_choice.allowed_tools.tools[0].function.name",
                "{\"type\":\"custom\"} | tool_choice.type"
            })
    void refusesAChoiceOfWhatIsNotOffered(String choice, String param) {
        assertThatThrownBy(() -> choice(choice)).isInstanceOfSatisfying(GenerationException.class, error -> {
            assertThat(error.code()).isEqualTo(ErrorCode.INVALID_VALUE);
            assertThat(error.param()).isEqualTo(param);
        });
    }

    @Test
    void refusesMoreToolsThanAnybodyOffers() {
        String tool = ",{\"type\":\"function\",\"function\":{\"name\":\"f\"}}";
        assertThatThrownBy(() -> ToolOptionsReader.tools(
                        fields("{\"tools\":[" + tool.repeat(129).substring(1) + "]}")))
                .isInstanceOfSatisfying(GenerationException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.ARRAY_ABOVE_MAX_LENGTH);
                    assertThat(error.param()).isEqualTo("tools");
                });
    }

    @Test
    void refusesBothFormsAtOnce() {
        assertThatThrownBy(() -> options("{" + TOOLS + "," + FUNCTIONS + "}"))
                .isInstanceOfSatisfying(
                        GenerationException.class,
                        error -> assertThat(error.param()).isEqualTo("functions"));
    }

    @Test
    void refusesTheChoiceOfTheOtherForm() {
        assertThatThrownBy(() -> options("{" + TOOLS + ",\"function_call\":\"none\"}"))
                .isInstanceOfSatisfying(
                        GenerationException.class,
                        error -> assertThat(error.param()).isEqualTo("function_call"));
        assertThatThrownBy(() -> options("{" + FUNCTIONS + ",\"tool_choice\":\"auto\"}"))
                .isInstanceOfSatisfying(
                        GenerationException.class,
                        error -> assertThat(error.param()).isEqualTo("tool_choice"));
    }

    private static ToolChoice choice(String json) {
        return options("{" + TOOLS + ",\"tool_choice\":" + json + "}").choice();
    }

    private static ToolOptions options(String json) {
        return ToolOptionsReader.options(fields(json), ToolOptionsReader.tools(fields(json)));
    }

    private static JsonFields fields(String json) {
        return new JsonFields(StrictJson.object(json.getBytes(StandardCharsets.UTF_8)), "");
    }
}
