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
                true,
                true));
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
        Model.Capabilities little = CapabilityDocument.of(
                new ModelFeatures(Set.of(EngineFeature.TEMPERATURE), Set.of(), Set.of(), false, false, false));
        assertThat(at(little, "/v1/chat/completions"))
                .contains("temperature", "stop", "n")
                .doesNotContain("top_p", "top_k", "logprobs", "documents", "chat_template", "chat_template_kwargs")
                .doesNotContain("tools", "tool_choice", "functions", "response_format", "structural_tag");
        assertThat(at(little, "/tokenize")).doesNotContain("tools", "documents");
        assertThat(at(little, "/v1/completions")).doesNotContain("best_of", "allowed_token_ids");
    }

    private static List<String> at(Model.Capabilities capabilities, String path) {
        return Objects.requireNonNull(capabilities.parameters().get(path));
    }
}
