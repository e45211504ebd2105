package dev.conch.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SpecialTokenFrameTest {
    private static final String BYTE_LEVEL =
            "{\"type\":\"ByteLevel\",\"add_prefix_space\":true,\"trim_offsets\":false}";
    private static final String TEMPLATE =
            "{\"type\":\"TemplateProcessing\",\"single\":[{\"SpecialToken\":{\"id\":\"<s>\",\"type_id\":0}},{\"Sequence\":{\"id\":\"A\",\"type_id\":0}},"
                    + "{\"SpecialToken\":{\"id\":\"</s>\",\"type_id\":0}}],\"pair\":[],"
                    + "\"special_tokens\":{\"<s>\":{\"id\":\"<s>\",\"ids\":[1],\"tokens\":[\"<s>\"]},\"</s>\":{\"id\":\"</s>\",\"ids\":[2,3],\"tokens\":[\"<\",\"/s>\"]}}}";

    @Test
    void withoutAPostProcessorNothingIsAdded() {
        assertThat(around("null")).containsExactly(7, 8);
        assertThat(around(BYTE_LEVEL)).containsExactly(7, 8);
    }

    @Test
    void aTemplateSaysWhatGoesWhere() {
        assertThat(around(TEMPLATE)).containsExactly(1, 7, 8, 2, 3);
    }

    @Test
    void bertPutsATokenAtEachEnd() {
        assertThat(around("{\"type\":\"BertProcessing\",\"sep\":[\"[SEP]\",102],\"cls\":[\"[CLS]\",101]}"))
                .containsExactly(101, 7, 8, 102);
    }

    @Test
    void processorsWorkOneAfterTheOther() {
        assertThat(around("{\"type\":\"Sequence\",\"processors\":[" + BYTE_LEVEL + "," + TEMPLATE + "]}"))
                .containsExactly(1, 7, 8, 2, 3);
    }

    @Test
    void whatIsNotKnownIsNotGuessed() {
        assertThat(SpecialTokenFrame.read(JsonParser.parseString("{\"type\":\"Novel\"}")))
                .isNull();
        assertThat(SpecialTokenFrame.read(JsonParser.parseString(
                        "{\"type\":\"TemplateProcessing\",\"single\":[],\"special_tokens\":{}}")))
                .as("a template without the text")
                .isNull();
    }

    private static int[] around(String postProcessor) {
        return Objects.requireNonNull(SpecialTokenFrame.read(JsonParser.parseString(postProcessor)))
                .around(new int[] {7, 8});
    }
}
