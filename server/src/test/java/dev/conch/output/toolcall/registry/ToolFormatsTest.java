package dev.conch.output.toolcall.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ToolFormatsTest {

    @Test
    void mistralsCallsHaveTheIdsThatItsTemplatesTake() {
        String unique = "0123456789abcdefghijkl";
        assertThat(ToolFormats.byName("mistral").callId(unique)).isEqualTo("012345678");
        assertThat(ToolFormats.byName("hermes").callId(unique)).isEqualTo("call_" + unique);
    }

    @Test
    void findsEachByTheNameItHas() {
        assertThat(ToolFormats.names()).isSorted().doesNotHaveDuplicates().contains("hermes", "mistral");
        assertThat(ToolFormats.names())
                .allSatisfy(name -> assertThat(ToolFormats.byName(name).name()).isEqualTo(name));
    }

    @Test
    void saysWhichThereAre() {
        assertThatThrownBy(() -> ToolFormats.byName("hermess"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("hermess \\(expected: one of .*\\bhermes, .*\\)");
    }
}
