package dev.conch.http.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.openai.ChatCompletionRequest;
import dev.conch.openai.ChatMessage;
import dev.conch.openai.ChatMessage.Role;
import dev.conch.openai.ChatMessage.TextPart;
import dev.conch.openai.ChatMessage.ToolCall;
import dev.conch.openai.Conversation;
import dev.conch.openai.OutputOptions;
import dev.conch.openai.ResponseFormat;
import dev.conch.openai.SamplingOptions;
import dev.conch.openai.StopOptions;
import dev.conch.openai.ToolOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatCompletionRequestReaderTest {
    private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    /** As openai-python sends it: what it got, dumped with the fields that are null. */
    @Test
    void readsCallsAndResultsOfTheOlderForm() {
        ChatCompletionRequest request = read("""
                {"model":"m","messages":[
                   {"role":"user","content":"hi"},
                   {"role":"assistant","content":null,"refusal":null,"function_call":{"name":"look","arguments":"{}"},"tool_calls":null},
                   {"role":"function","name":"look","content":"sunny"},
                   {"role":"function","name":"look","content":null}]}
                """);
        List<ChatMessage> messages = request.conversation().messages();
        assertThat(messages.get(1).toolCalls()).containsExactly(new ChatMessage.ToolCall("call_look", "look", "{}"));
        assertThat(messages.get(2))
                .isEqualTo(new ChatMessage(Role.TOOL, List.of(new TextPart("sunny")), "look", "call_look"));
        assertThat(messages.get(3).content()).isEmpty();
    }

    @Test
    void readsTheLeast() {
        ChatCompletionRequest request = read("{\"model\":\"m\"," + MESSAGES + "}");
        assertThat(request)
                .isEqualTo(new ChatCompletionRequest(
                        "m",
                        Conversation.of(List.of(new ChatMessage(Role.USER, List.of(new TextPart("hi")), null, null))),
                        ToolOptions.DEFAULT,
                        new ResponseFormat.Text(),
                        new SamplingOptions(
                                null, null, null, null, null, null, null, null, Map.of(), List.of(), List.of(), null),
                        new StopOptions(null, "max_completion_tokens", null, List.of(), List.of(), false, false),
                        new OutputOptions(1, null, false, false, false, false, true, false, false, true, null),
                        false,
                        null,
                        0));
    }

    @Test
    void readsEverythingItHonours() {
        ChatCompletionRequest request = read("""
                {"model":"m","messages":[
                   {"role":"system","content":"s"},
                   {"role":"developer","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},
                   {"role":"user","content":"u","name":"ann"},
                   {"role":"assistant","content":"x","refusal":null,"annotations":[]},
                   {"role":"tool","content":"r","tool_call_id":"call_1"}],
                 "max_tokens":7,"max_completion_tokens":7,"temperature":0,"top_p":1,"frequency_penalty":-2,"presence_penalty":2.0,
                 "seed":-9223372036854775808,"stop":["a","b"],"stream":true,"stream_options":{"include_usage":true},"user":"u1"}
                """);
        assertThat(request.conversation().messages())
                .extracting(ChatMessage::role)
                .containsExactly(Role.SYSTEM, Role.DEVELOPER, Role.USER, Role.ASSISTANT, Role.TOOL);
        assertThat(request.conversation().messages().get(1).content())
                .containsExactly(new TextPart("a"), new TextPart("b"));
        assertThat(request.conversation().messages().get(2).name()).isEqualTo("ann");
        assertThat(request.conversation().messages().get(4).toolCallId()).isEqualTo("call_1");
        assertThat(request.stop().maxTokens()).isEqualTo(7);
        assertThat(request.sampling().temperature()).isZero();
        assertThat(request.sampling().topP()).isEqualTo(1);
        assertThat(request.sampling().frequencyPenalty()).isEqualTo(-2);
        assertThat(request.sampling().presencePenalty()).isEqualTo(2);
        assertThat(request.sampling().seed()).isEqualTo(Long.MIN_VALUE);
        assertThat(request.stop().stop()).containsExactly("a", "b");
        assertThat(request.output().stream()).isTrue();
        assertThat(request.output().includeUsage()).isTrue();
    }

    @Test
    void takesNullForAbsent() {
        ChatCompletionRequest request = read(
                "{\"model\":\"m\"," + MESSAGES
                        + ",\"temperature\":null,\"stop\":null,\"max_tokens\":null,\"stream\":null,\"stream_options\":null,\"tools\":null,\"seed\":null}");
        assertThat(request.sampling().temperature()).isNull();
        assertThat(request.stop().stop()).isEmpty();
        assertThat(request.output().stream()).isFalse();
    }

    @Test
    void takesOneStopSequenceAsAString() {
        assertThat(read("{\"model\":\"m\"," + MESSAGES + ",\"stop\":\"END\"}")
                        .stop()
                        .stop())
                .containsExactly("END");
    }

    @Test
    void toleratesFieldsThatNobodyDefined() {
        assertThat(read("{\"model\":\"m\"," + MESSAGES + ",\"x_client\":{\"v\":1}}")
                        .model())
                .isEqualTo("m");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "n | 17 | INTEGER_ABOVE_MAX_VALUE | n",
                "top_logprobs | 3 | INVALID_VALUE | top_logprobs",
                "reasoning_effort | \"huge\" | INVALID_VALUE | reasoning_effort",
                "metadata | {\"a\":1} | INVALID_TYPE | metadata.a",
                "metadata | {\"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk\":\"x\"} | INVALID_VALUE | metadata",
                "metadata | {\"a\":\"vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv\"} | STRING_ABOVE_MAX_LENGTH | metadata.a",
                "tools | [{}] | MISSING_REQUIRED_PARAMETER | tools[0].type",
                "tools | [{\"type\":\"custom\"}] | INVALID_VALUE | tools[0].type",
                "tools | [{\"type\":\"function\"}] | MISSING_REQUIRED_PARAMETER | tools[0].function",
                "tools | [{\"type\":\"function\",\"function\":{\"name\":\"a b\"}}] | INVALID_VALUE | tools[0].function.name",
                "tools | [{\"type\":\"function\",\"function\":{\"name\":\"nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn\"}}] | INVALID_VALUE | tools[0].function.name",
                "tools | [{\"type\":\"function\",\"function\":{\"name\":\"f\"}},{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":[]}}] | INVALID_TYPE | tools[1].function.parameters",
                "tool_choice | \"must\" | INVALID_VALUE | tool_choice",
                "tool_choice | {\"type\":\"function\"} | MISSING_REQUIRED_PARAMETER | tool_choice.function",
                "tool_choice | {\"type\":\"function\",\"function\":{}} | MISSING_REQUIRED_PARAMETER | tool_choice.function.name",
                "tool_choice | {\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"x\"}} | INVALID_VALUE | tool_choice.allowed_tools.mode",
                "tool_choice | {\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"auto\",\"tools\":[1]}} | INVALID_TYPE | tool_choice.allowed_tools.tools[0]",
                "tool_choice | \"required\" | INVALID_VALUE | tool_choice",
                "tool_choice | {\"type\":\"function\",\"function\":{\"name\":\"f\"}} | INVALID_VALUE | tool_choice.function.name",
                "tool_choice | {\"type\":\"custom\",\"custom\":{\"name\":\"f\"}} | INVALID_VALUE | tool_choice.type",
                "function_call | {\"name\":\"f\"} | INVALID_VALUE | function_call",
                "functions | [{}] | MISSING_REQUIRED_PARAMETER | functions[0].name",
                "function_call | \"x\" | INVALID_VALUE | function_call",
                "response_format | {} | MISSING_REQUIRED_PARAMETER | response_format.type",
                "response_format | {\"type\":\"yaml\"} | INVALID_VALUE | response_format.type",
                "response_format | {\"type\":\"json_schema\"} | MISSING_REQUIRED_PARAMETER | response_format.json_schema",
                "response_format | {\"type\":\"json_schema\",\"json_schema\":{}} | MISSING_REQUIRED_PARAMETER | response_format.json_schema.name",
                "response_format | {\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"schema\":[]}} | INVALID_TYPE | response_format.json_schema.schema",
                "response_format | {\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"strict\":1}} | INVALID_TYPE | response_format.json_schema.strict",
                "messages | [{\"role\":\"function\",\"content\":\"x\"}] | MISSING_REQUIRED_PARAMETER | messages[0].name",
                "messages | [{\"role\":\"function\",\"name\":\"\",\"content\":\"x\"}] | INVALID_VALUE | messages[0].name",
                "messages | [{\"role\":\"function\",\"name\":\"f\"}] | MISSING_REQUIRED_PARAMETER | messages[0].content",
                "messages | [{\"role\":\"function\",\"name\":\"f\",\"content\":1}] | INVALID_TYPE | messages[0].content",
                "messages | [{\"role\":\"assistant\",\"function_call\":{}}] | MISSING_REQUIRED_PARAMETER | messages[0].function_call.name",
                "messages | [{\"role\":\"assistant\",\"function_call\":\"f\"}] | INVALID_TYPE | messages[0].function_call",
                "messages | [{\"role\":\"assistant\",\"function_call\":{\"name\":\"f\"}}] | MISSING_REQUIRED_PARAMETER | messages[0].function_call.arguments",
                "messages | [{\"role\":\"user\",\"content\":\"x\",\"function_call\":{\"name\":\"f\",\"arguments\":\"{}\"}}] | INVALID_VALUE | messages[0].function_call",
                "messages | [{\"role\":\"assistant\",\"function_call\":{\"name\":\"f\",\"arguments\":\"{}\"},\"tool_calls\":[{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}] | INVALID_VALUE | messages[0].function_call",
                "messages | [{\"role\":\"user\",\"content\":[{\"type\":\"refusal\",\"refusal\":\"no\"}]}] | INVALID_VALUE | messages[0].content",
                "messages | [{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"input_audio\"}]}] | UNSUPPORTED_CONTENT | messages[0].content[1]",
                "messages | [{\"role\":\"user\",\"content\":[{\"type\":\"file\"}]}] | UNSUPPORTED_CONTENT | messages[0].content[0]",
                "temperature       | -0.1            | INVALID_VALUE | temperature",
                "temperature       | 2.1             | INVALID_VALUE | temperature",
                "temperature       | \"1\"           | INVALID_TYPE | temperature",
                "top_p             | 0               | INVALID_VALUE | top_p",
                "top_p             | 1.01            | INVALID_VALUE | top_p",
                "frequency_penalty | -2.01           | INVALID_VALUE | frequency_penalty",
                "presence_penalty  | 3               | INVALID_VALUE | presence_penalty",
                "max_tokens        | 0               | INVALID_VALUE | max_tokens",
                "max_tokens        | -1              | INVALID_VALUE | max_tokens",
                "max_tokens        | 1.5             | INVALID_TYPE | max_tokens",
                "max_tokens        | true            | INVALID_TYPE | max_tokens",
                "max_tokens        | 2147483648      | INTEGER_ABOVE_MAX_VALUE | max_tokens",
                "max_completion_tokens | 0           | INVALID_VALUE | max_completion_tokens",
                "seed              | 9223372036854775808 | INVALID_VALUE | seed",
                "seed              | 1.0             | INVALID_TYPE | seed",
                "stop              | 7               | INVALID_TYPE | stop",
                "stop              | [7]             | INVALID_TYPE | stop[0]",
                "stop              | \"\"            | INVALID_VALUE | stop",
                "stop              | [\"a\",\"\"]    | INVALID_VALUE | stop[1]",
                "stop              | [\"a\",\"b\",\"c\",\"d\",\"e\"] | ARRAY_ABOVE_MAX_LENGTH | stop",
                "stream            | \"true\"        | INVALID_TYPE | stream",
                "stream_options    | {\"include_usage\":true} | INVALID_VALUE | stream_options",
                "user              | 1               | INVALID_TYPE | user",
                "model             | 1               | INVALID_TYPE | model",
                "messages          | {}              | INVALID_TYPE | messages",
                "messages          | []              | INVALID_VALUE | messages",
                "messages          | [1]             | INVALID_TYPE | messages[0]",
                "messages          | [{}]            | MISSING_REQUIRED_PARAMETER | messages[0].role",
                "messages          | [{\"role\":\"king\",\"content\":\"x\"}] | INVALID_VALUE | messages[0].role",
                "messages          | [{\"role\":\"user\"}] | MISSING_REQUIRED_PARAMETER | messages[0].content",
                "messages          | [{\"role\":\"user\",\"content\":null}] | MISSING_REQUIRED_PARAMETER | messages[0].content",
                "messages          | [{\"role\":\"user\",\"content\":5}] | INVALID_TYPE | messages[0].content",
                "messages          | [{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}] | MISSING_REQUIRED_PARAMETER | messages[0].content[0].text",
                "messages          | [{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{}}]}] | UNSUPPORTED_CONTENT | messages[0].content[0]",
                "messages          | [{\"role\":\"user\",\"content\":[{\"type\":\"song\"}]}] | INVALID_VALUE | messages[0].content[0].type",
                "messages          | [{\"role\":\"tool\",\"content\":\"x\"}] | MISSING_REQUIRED_PARAMETER | messages[0].tool_call_id",
                "messages          | [{\"role\":\"assistant\",\"tool_calls\":[]}] | MISSING_REQUIRED_PARAMETER | messages[0].content",
                "messages          | [{\"role\":\"assistant\",\"tool_calls\":{}}] | INVALID_TYPE | messages[0].tool_calls",
                "messages          | [{\"role\":\"assistant\",\"tool_calls\":[1]}] | INVALID_TYPE | messages[0].tool_calls[0]",
                "messages          | [{\"role\":\"assistant\",\"tool_calls\":[{}]}] | MISSING_REQUIRED_PARAMETER | messages[0].tool_calls[0].id",
                "messages          | [{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"a\",\"type\":\"custom\"}]}] | INVALID_VALUE | messages[0].tool_calls[0].type",
                "messages          | [{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"a\",\"type\":\"function\"}]}] | MISSING_REQUIRED_PARAMETER | messages[0].tool_calls[0].function",
                "messages          | [{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":7}}]}] | INVALID_TYPE | messages[0].tool_calls[0].function.name",
                "messages          | [{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"\"}}]}] | INVALID_VALUE | messages[0].tool_calls[0].function.name",
                "messages          | [{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":{}}}]}] | INVALID_TYPE | messages[0].tool_calls[0].function.arguments",
                "messages          | [{\"role\":\"user\",\"content\":\"x\",\"tool_calls\":[{}]}] | INVALID_VALUE | messages[0].tool_calls",
                "messages          | [{\"role\":\"user\",\"content\":\"x\",\"reasoning_content\":\"y\"}] | INVALID_VALUE | messages[0].reasoning_content",
                "messages          | [{\"role\":\"assistant\",\"content\":\"x\",\"reasoning\":1}] | INVALID_TYPE | messages[0].reasoning",
                "documents         | {}              | INVALID_TYPE | documents",
                "documents         | [\"x\"]       | INVALID_TYPE | documents[0]",
                "documents         | [{},{\"text\":1}] | INVALID_TYPE | documents[1].text",
                "documents         | [{\"title\":[]}] | INVALID_TYPE | documents[0].title",
                "chat_template_kwargs | []           | INVALID_TYPE | chat_template_kwargs",
                "chat_template     | 1               | INVALID_TYPE | chat_template",
                "chat_template     | \"\"          | INVALID_VALUE | chat_template",
                "add_generation_prompt | \"yes\"   | INVALID_TYPE | add_generation_prompt",
                "continue_final_message | 1          | INVALID_TYPE | continue_final_message",
                "continue_final_message | true       | INVALID_VALUE | continue_final_message"
            })
    void namesTheFieldAtFault(String field, String value, ErrorCode code, String param) {
        String rest = "\"" + field + "\":" + value;
        String model = field.equals("model") ? "" : "\"model\":\"m\",";
        String messages = field.equals("messages") ? "" : MESSAGES + ",";
        assertRefused("{" + model + messages + rest + "}", code, param);
    }

    @ParameterizedTest
    @ValueSource(strings = {"model", "messages"})
    void needsModelAndMessages(String field) {
        String other = field.equals("model") ? MESSAGES : "\"model\":\"m\"";
        assertRefused("{" + other + "}", ErrorCode.MISSING_REQUIRED_PARAMETER, field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "store | true",
                "modalities | [\"text\",\"audio\"]",
                "audio | {}",
                "prediction | {}",
                "web_search_options | {}",
                "moderation | {\"model\":\"m\"}",
                "prompt_cache_options | {\"mode\":\"explicit\"}",
                "prompt_cache_retention | \"24h\"",
                "service_tier | \"flex\"",
                "guided_whitespace_pattern | \"x\"",
                "guided_decoding_backend | \"outlines\"",
                "cache_salt | \"x\"",
                "prompt_logprobs | 1",
                "best_of | 2",
                "echo | true",
                "prompt | \"x\"",
                "suffix | \"x\""
            })
    void refusesByNameWhatItDoesNotHonour(String field, String value) {
        assertRefused(
                "{\"model\":\"m\"," + MESSAGES + ",\"" + field + "\":" + value + "}",
                ErrorCode.UNSUPPORTED_PARAMETER,
                field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tools | []",
                "tool_choice | \"none\"",
                "tool_choice | \"auto\"",
                "parallel_tool_calls | true",
                "functions | []",
                "function_call | \"auto\"",
                "response_format | {\"type\":\"text\"}",
                "store | false",
                "service_tier | \"auto\"",
                "modalities | [\"text\"]",
                "prompt_cache_retention | \"in_memory\"",
                "mirostat | 0.0",
                "best_of | 1",
                "prompt | null"
            })
    void takesValuesThatAskForNothing(String field, String value) {
        assertThat(read("{\"model\":\"m\"," + MESSAGES + ",\"" + field + "\":" + value + "}")
                        .model())
                .isEqualTo("m");
    }

    @Test
    void readsTheHistoryOfToolCalls() {
        List<ChatMessage> messages = read("""
                {"model":"m","messages":[
                   {"role":"assistant","content":null,"reasoning_content":"hm","tool_calls":[
                     {"id":"call_1","type":"function","function":{"name":"look","arguments":"{\\"at\\":1}"}},
                     {"id":"call_2","type":"function","function":{"name":"wait","arguments":""},"index":1}]},
                   {"role":"tool","content":"seen","tool_call_id":"call_1","name":"look"},
                   {"role":"assistant","content":[],"reasoning":"done"}]}
                """).conversation().messages();
        assertThat(messages)
                .containsExactly(
                        new ChatMessage(
                                Role.ASSISTANT,
                                List.of(),
                                null,
                                null,
                                "hm",
                                List.of(
                                        new ToolCall("call_1", "look", "{\"at\":1}"),
                                        new ToolCall("call_2", "wait", ""))),
                        new ChatMessage(Role.TOOL, List.of(new TextPart("seen")), "look", "call_1"),
                        new ChatMessage(Role.ASSISTANT, List.of(new TextPart("")), null, null, "done", List.of()));
    }

    @Test
    void readsWithWhatWordsTheAssistantRefused() {
        List<ChatMessage> messages = read("""
                {"model":"m","messages":[
                   {"role":"assistant","refusal":"No."},
                   {"role":"assistant","content":"Well. ","refusal":"No."},
                   {"role":"assistant","content":[{"type":"refusal","refusal":"Never."}]}]}
                """).conversation().messages();
        assertThat(messages)
                .extracting(ChatMessage::content)
                .containsExactly(
                        List.of(new TextPart("No.")),
                        List.of(new TextPart("Well. "), new TextPart("No.")),
                        List.of(new TextPart("Never.")));
    }

    @Test
    void readsTheLogprobsThatAreAskedFor() {
        assertThat(output("\"logprobs\":true").topLogprobs()).isZero();
        assertThat(output("\"logprobs\":true,\"top_logprobs\":20").topLogprobs())
                .isEqualTo(20);
        assertThat(output("\"logprobs\":false,\"top_logprobs\":0").topLogprobs())
                .isNull();
    }

    @Test
    void readsEveryStreamOption() {
        OutputOptions options = output(
                "\"stream\":true,\"stream_options\":{\"include_usage\":true,\"continuous_usage_stats\":true,\"include_obfuscation\":true}");
        assertThat(options)
                .isEqualTo(new OutputOptions(1, null, true, true, true, true, true, false, false, true, null));
    }

    @Test
    void handsEffortAndVerbosityToTheTemplate() {
        assertThat(read("{\"model\":\"m\"," + MESSAGES + ",\"reasoning_effort\":\"low\",\"verbosity\":\"high\"}")
                        .conversation()
                        .requestVariables())
                .isEqualTo(Map.of("reasoning_effort", "low", "verbosity", "high"));
    }

    private static OutputOptions output(String fields) {
        return read("{\"model\":\"m\"," + MESSAGES + "," + fields + "}").output();
    }

    @Test
    void readsWhatElseThePromptIsMadeOf() {
        Conversation conversation = read("{\"model\":\"m\"," + MESSAGES + """
                ,"documents":[{"title":"t","text":"x","z":1,"a":[1.0,null,true]}],
                 "chat_template_kwargs":{"b":{"big":12345678901234567890123,"small":1e-7},"a":""},
                 "chat_template":"{{ 1 }}","add_generation_prompt":false}
                """).conversation();
        assertThat(conversation.documents())
                .singleElement()
                .asString()
                .isEqualTo("{title=t, text=x, z=1, a=[1.0, null, true]}");
        assertThat(conversation.templateVariables())
                .asString()
                .isEqualTo("{b={big=12345678901234567890123, small=1.0E-7}, a=}");
        assertThat(conversation.chatTemplate()).isEqualTo("{{ 1 }}");
        assertThat(conversation.addGenerationPrompt()).isFalse();
        assertThat(conversation.continueFinalMessage()).isFalse();
        assertThat(conversation.tools()).isEmpty();
    }

    @Test
    void goesOnWithTheAssistantsLastMessage() {
        String messages = "{\"model\":\"m\",\"messages\":[{\"role\":\"assistant\",\"content\":\"So\"}]";
        Conversation conversation =
                read(messages + ",\"continue_final_message\":true}").conversation();
        assertThat(conversation.continueFinalMessage()).isTrue();
        assertThat(conversation.addGenerationPrompt()).isFalse();
        assertRefused(
                messages + ",\"continue_final_message\":true,\"add_generation_prompt\":true}",
                ErrorCode.INVALID_VALUE,
                "continue_final_message");
    }

    @Test
    void refusesTwoLimitsThatDiffer() {
        assertRefused(
                "{\"model\":\"m\"," + MESSAGES + ",\"max_tokens\":5,\"max_completion_tokens\":7}",
                ErrorCode.INVALID_VALUE,
                "max_tokens");
    }

    private static ChatCompletionRequest read(String body) {
        return ChatCompletionRequestReader.read(
                RequestParameters.of(body.getBytes(StandardCharsets.UTF_8), Endpoint.CHAT, RequestLimits.DEFAULT));
    }

    private static void assertRefused(String body, ErrorCode code, String param) {
        assertThatExceptionOfType(GenerationException.class)
                .isThrownBy(() -> read(body))
                .satisfies(error -> {
                    assertThat(error.code()).isEqualTo(code);
                    assertThat(error.param()).isEqualTo(param);
                    assertThat(error.clientMessage()).contains("'" + error.param());
                });
    }
}
