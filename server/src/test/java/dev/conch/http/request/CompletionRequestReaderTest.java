package dev.conch.http.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.openai.CompletionRequest;
import dev.conch.openai.CompletionRequest.Prompt;
import dev.conch.openai.OutputOptions;
import dev.conch.openai.ResponseFormat;
import dev.conch.openai.SamplingOptions;
import dev.conch.openai.StopOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionRequestReaderTest {
    @Test
    void readsTheLeast() {
        assertThat(read("{\"model\":\"m\",\"prompt\":\"hi\"}"))
                .isEqualTo(new CompletionRequest(
                        "m",
                        List.of(new Prompt.Text("hi")),
                        new SamplingOptions(
                                null, null, null, null, null, null, null, null, Map.of(), List.of(), List.of(), null),
                        new StopOptions(16, "max_tokens", null, List.of(), List.of(), false, false),
                        new OutputOptions(1, null, false, false, false, false, true, false, false, true, null),
                        new ResponseFormat.Text(),
                        null,
                        false,
                        true,
                        null,
                        0));
    }

    @Test
    void readsEverything() {
        CompletionRequest request = read("""
                {"model":"m","prompt":["a",[1,2]],"best_of":3,"n":2,"logprobs":5,"max_tokens":40,"min_tokens":3,"seed":-1,
                 "temperature":0.5,"top_p":0.25,"top_k":40,"min_p":0.125,"frequency_penalty":1,"presence_penalty":-1,
                 "repetition_penalty":1.5,"no_repeat_ngram_size":3,"logit_bias":{"7":-100,"0":0.5},"allowed_token_ids":[3,4],
                 "bad_words":["no"],"stop":["x"],"stop_token_ids":[9],"ignore_eos":true,"include_stop_str_in_output":true,
                 "skip_special_tokens":false,"spaces_between_special_tokens":false,"return_token_ids":true,"request_id":"mine-1",
                 "add_special_tokens":false,"truncate_prompt_tokens":100,"priority":-7,"user":"u"}
                """);
        assertThat(request)
                .isEqualTo(new CompletionRequest(
                        "m",
                        List.of(new Prompt.Text("a"), new Prompt.TokenIds(List.of(1, 2))),
                        new SamplingOptions(
                                0.5,
                                0.25,
                                40,
                                0.125,
                                1.0,
                                -1.0,
                                1.5,
                                3,
                                Map.of(7, -100.0, 0, 0.5),
                                List.of(3, 4),
                                List.of("no"),
                                -1L),
                        new StopOptions(40, "max_tokens", 3, List.of("x"), List.of(9), true, true),
                        new OutputOptions(2, 5, false, false, false, false, false, false, true, true, "mine-1"),
                        new ResponseFormat.Text(),
                        3,
                        false,
                        false,
                        100,
                        -7));
    }

    @Test
    void readsEveryFormOfAPrompt() {
        assertThat(prompts("[1,0]")).containsExactly(new Prompt.TokenIds(List.of(1, 0)));
        assertThat(prompts("[[1],[2,3]]"))
                .containsExactly(new Prompt.TokenIds(List.of(1)), new Prompt.TokenIds(List.of(2, 3)));
        assertThat(prompts("[\"a\",\"\"]")).containsExactly(new Prompt.Text("a"), new Prompt.Text(""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"prompt\":7 | INVALID_TYPE | prompt",
                "\"prompt\":[] | INVALID_VALUE | prompt",
                "\"prompt\":[[]] | INVALID_VALUE | prompt[0]",
                "\"prompt\":[{}] | INVALID_TYPE | prompt[0]",
                "\"prompt\":[1,-2] | INVALID_VALUE | prompt[1]",
                "\"prompt\":[1,\"a\"] | INVALID_TYPE | prompt[1]",
                "\"prompt\":[\"a\",1] | INVALID_TYPE | prompt[1]",
                "\"prompt\":[[1],[2,-3]] | INVALID_VALUE | prompt[1][1]",
                "\"prompt\":[[1.5]] | INVALID_TYPE | prompt[0][0]",
                "\"prompt\":[2147483648] | INTEGER_ABOVE_MAX_VALUE | prompt[0]",
                "\"prompt\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\"],\"n\":16 | ARRAY_ABOVE_MAX_LENGTH | prompt",
                "\"prompt\":\"a\",\"n\":3,\"best_of\":2 | INVALID_VALUE | best_of",
                "\"prompt\":\"a\",\"best_of\":2,\"stream\":true | INVALID_VALUE | best_of",
                "\"prompt\":\"a\",\"best_of\":21 | INTEGER_ABOVE_MAX_VALUE | best_of",
                "\"prompt\":\"a\",\"n\":17 | INTEGER_ABOVE_MAX_VALUE | n",
                "\"prompt\":\"a\",\"logprobs\":true | INVALID_TYPE | logprobs",
                "\"prompt\":\"a\",\"logprobs\":6 | INTEGER_ABOVE_MAX_VALUE | logprobs",
                "\"prompt\":\"a\",\"logprobs\":0,\"echo\":true | UNSUPPORTED_PARAMETER | logprobs",
                "\"prompt\":\"a\",\"suffix\":\"b\" | UNSUPPORTED_PARAMETER | suffix",
                "\"prompt\":\"a\",\"min_tokens\":17 | INVALID_VALUE | min_tokens",
                "\"prompt\":\"a\",\"max_completion_tokens\":5 | UNSUPPORTED_PARAMETER | max_completion_tokens",
                "\"prompt\":\"a\",\"messages\":[] | UNSUPPORTED_PARAMETER | messages",
                "\"prompt\":\"a\",\"logit_bias\":{\"-1\":1} | INVALID_VALUE | logit_bias",
                "\"prompt\":\"a\",\"logit_bias\":{\"01\":1} | INVALID_VALUE | logit_bias",
                "\"prompt\":\"a\",\"logit_bias\":{\"2147483648\":1} | INVALID_VALUE | logit_bias",
                "\"prompt\":\"a\",\"logit_bias\":{\"5\":100.5} | INVALID_VALUE | logit_bias.5",
                "\"prompt\":\"a\",\"logit_bias\":{\"5\":\"1\"} | INVALID_TYPE | logit_bias.5",
                "\"prompt\":\"a\",\"bad_words\":[\"x\",\"\"] | INVALID_VALUE | bad_words[1]",
                "\"prompt\":\"a\",\"stop_token_ids\":[1,-1] | INVALID_VALUE | stop_token_ids[1]",
                "\"prompt\":\"a\",\"request_id\":\"a b\" | INVALID_VALUE | request_id",
                "\"n\":1 | MISSING_REQUIRED_PARAMETER | prompt"
            })
    void namesTheFieldAtFault(String fields, ErrorCode code, String param) {
        assertThatExceptionOfType(GenerationException.class)
                .isThrownBy(() -> read("{\"model\":\"m\"," + fields + "}"))
                .satisfies(error -> {
                    assertThat(error.code()).isEqualTo(code);
                    assertThat(error.param()).isEqualTo(param);
                });
    }

    @Test
    void streamsTheBestOfOne() {
        assertThat(read("{\"model\":\"m\",\"prompt\":\"a\",\"best_of\":1,\"stream\":true}")
                        .bestOf())
                .isEqualTo(1);
    }

    private static List<Prompt> prompts(String prompt) {
        return read("{\"model\":\"m\",\"prompt\":" + prompt + "}").prompts();
    }

    private static CompletionRequest read(String body) {
        return (CompletionRequest)
                RequestBodies.read(body.getBytes(StandardCharsets.UTF_8), Endpoint.COMPLETIONS, RequestLimits.DEFAULT);
    }
}
