package dev.conch.http.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.openai.DetokenizeRequest;
import dev.conch.openai.TokenizeRequest;
import dev.conch.openai.TokenizeRequest.Input;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizeRequestReaderTest {
    @Test
    void readsAText() {
        assertThat(read(Endpoint.TOKENIZE, "{\"model\":\"m\",\"prompt\":\"hi\"}"))
                .isEqualTo(new TokenizeRequest("m", new Input.Text("hi"), true, false));
        assertThat(
                        read(
                                Endpoint.TOKENIZE,
                                "{\"model\":\"m\",\"prompt\":\"\",\"add_special_tokens\":false,\"return_token_strs\":true,\"temperature\":9}"))
                .isEqualTo(new TokenizeRequest("m", new Input.Text(""), false, true));
    }

    @Test
    void readsAConversation() {
        var request = (TokenizeRequest) read(Endpoint.TOKENIZE, """
                {"model":"m","messages":[{"role":"user","content":"hi"}],"add_generation_prompt":false,"chat_template_kwargs":{"a":1},
                 "tools":[{"type":"function","function":{"name":"f"}}],"reasoning_effort":"low"}
                """);
        assertThat(request.addSpecialTokens()).isFalse();
        var conversation = ((Input.Chat) request.input()).conversation();
        assertThat(conversation.addGenerationPrompt()).isFalse();
        assertThat(conversation.tools()).hasSize(1);
        assertThat(conversation.templateVariables()).hasSize(1);
        assertThat(conversation.requestVariables()).containsEntry("reasoning_effort", "low");
    }

    @Test
    void readsTokenIds() {
        assertThat(read(Endpoint.DETOKENIZE, "{\"model\":\"m\",\"tokens\":[5,0]}"))
                .isEqualTo(new DetokenizeRequest("m", List.of(5, 0)));
        assertThat(read(Endpoint.DETOKENIZE, "{\"model\":\"m\",\"tokens\":[]}"))
                .isEqualTo(new DetokenizeRequest("m", List.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TOKENIZE | {\"model\":\"m\"} | MISSING_REQUIRED_PARAMETER | prompt",
                "TOKENIZE | {\"prompt\":\"x\"} | MISSING_REQUIRED_PARAMETER | model",
                "TOKENIZE | {\"model\":\"m\",\"prompt\":\"x\",\"tools\":[]} | INVALID_VALUE | tools",
                "TOKENIZE | {\"model\":\"m\",\"prompt\":[1]} | INVALID_TYPE | prompt",
                "TOKENIZE | {\"model\":\"m\",\"prompt\":\"x\",\"messages\":[{}]} | INVALID_VALUE | prompt",
                "TOKENIZE | {\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"file\"}]}]} | UNSUPPORTED_CONTENT | messages[0].content[0]",
                "DETOKENIZE | {\"model\":\"m\"} | MISSING_REQUIRED_PARAMETER | tokens",
                "DETOKENIZE | {\"model\":\"m\",\"tokens\":[1,-1]} | INVALID_VALUE | tokens[1]",
                "DETOKENIZE | {\"model\":\"m\",\"tokens\":[\"1\"]} | INVALID_TYPE | tokens[0]"
            })
    void namesTheFieldAtFault(Endpoint endpoint, String body, ErrorCode code, String param) {
        assertThatExceptionOfType(GenerationException.class)
                .isThrownBy(() -> read(endpoint, body))
                .satisfies(error -> {
                    assertThat(error.code()).isEqualTo(code);
                    assertThat(error.param()).isEqualTo(param);
                });
    }

    private static Object read(Endpoint endpoint, String body) {
        return RequestBodies.read(body.getBytes(StandardCharsets.UTF_8), endpoint, RequestLimits.DEFAULT);
    }
}
