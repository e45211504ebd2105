package dev.conch.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.generation.EngineFeature;
import dev.conch.openai.Model;
import dev.conch.pipeline.ModelFeatures;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CapabilityDocumentTest {
    @Test
    void namesWhatEngineAndTemplateCan() {
        Model.Capabilities all = CapabilityDocument.of(new ModelFeatures(
                EnumSet.allOf(EngineFeature.class),
                Set.of("style", "enable_thinking"),
                Set.of("reasoning_effort"),
                true,
                "hermes",
                "qwen3",
                true,
                true));
        assertThat(all.responseFormats()).containsExactly("text", "json_object", "json_schema", "structural_tag");
        assertThat(all.structuredOutputs())
                .containsExactly("json", "json_object", "regex", "choice", "grammar", "structural_tag");
        assertThat(all.toolFormat()).isEqualTo("hermes");
        assertThat(all.reasoningFormat()).isEqualTo("qwen3");
        assertThat(all.chatTemplateKwargs()).containsExactly("enable_thinking", "style");
        assertThat(at(all, "/v1/chat/completions"))
                .contains("messages", "top_k", "logit_bias", "documents", "chat_template", "reasoning_effort")
                .contains("stream_options.include_usage")
                .contains("tools", "tool_choice", "response_format", "guided_regex")
                .doesNotContain("verbosity", "store", "metadata", "suffix");
        assertThat(at(all, "/v1/chat/completions/render")).contains("tools");
        assertThat(at(all, "/v1/completions")).contains("prompt", "best_of", "allowed_token_ids");
        assertThat(at(all, "/detokenize")).containsExactly("model", "tokens");
    }

    @Test
    void namesNothingThatTheyCannot() {
        Model.Capabilities little = CapabilityDocument.of(new ModelFeatures(
                Set.of(EngineFeature.TEMPERATURE), Set.of(), Set.of(), false, null, null, false, false));
        assertThat(little.responseFormats()).containsExactly("text");
        assertThat(little.structuredOutputs()).isEmpty();
        assertThat(little.toolFormat()).isNull();
        assertThat(at(little, "/v1/chat/completions"))
                .contains("temperature", "stop", "n")
                .doesNotContain("top_p", "top_k", "logprobs", "documents", "chat_template", "chat_template_kwargs")
                .doesNotContain("tools", "tool_choice", "functions", "response_format", "structural_tag");
        assertThat(at(little, "/tokenize")).doesNotContain("tools", "documents");
        assertThat(at(little, "/v1/completions")).doesNotContain("best_of", "allowed_token_ids");
    }

    @Test
    void namesTheFormsThatAnEngineCanBeHeldToAndNoOthers() {
        Model.Capabilities json = CapabilityDocument.of(new ModelFeatures(
                Set.of(EngineFeature.GUIDED_JSON, EngineFeature.GUIDED_GRAMMAR),
                Set.of(),
                Set.of(),
                false,
                null,
                null,
                false,
                false));
        assertThat(json.responseFormats()).containsExactly("text", "json_object", "json_schema");
        assertThat(json.structuredOutputs()).containsExactly("json", "json_object", "choice", "grammar");
    }

    private static List<String> at(Model.Capabilities capabilities, String path) {
        return Objects.requireNonNull(capabilities.parameters().get(path));
    }
}
