package dev.conch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Bodies that are refused, as a client is told of them: whole answers of the whole server. What is refused before a body is read, and what
 * needs a server of its own, has its tests beside; {@code docs/errors.md} names them all. In the tables an apostrophe is a quotation mark
 * and {@code <text>30} is the text thirty times.
 */
class BadInputsTest extends TalkingHouseTest {
    private static final Pattern REPEATED = Pattern.compile("<([^>]+)>([0-9]+)");
    private static final Pattern ERROR = Pattern.compile(
            "\\{\"error\":\\{\"message\":\"(?:[^\"\\\\]|\\\\.)+\",\"type\":\"invalid_request_error\",\"param\":(null|\"(?:[^\"\\\\]|\\\\.)+\"),\"code\":\"(\\w+)\"}}");
    private static final String CHAT = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],%s}";
    private static final String COMPLETION = "{\"model\":\"tiny\",%s}";

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '|',
            value = {
                "''                                      | invalid_json     |",
                "null                                    | invalid_json     |",
                "[]                                      | invalid_json     |",
                "{}{}                                    | invalid_json     |",
                "{'a':1,}                                | invalid_json     |",
                "{'model':'tiny','model':'tiny'}         | invalid_json     | model",
                "{'temperature':NaN}                     | invalid_json     |",
                "{'temperature':1e400}                   | invalid_json     | temperature",
                "{'seed':<9>101}                          | invalid_json     | seed",
                "{'model':'\\ud800'}                     | invalid_json     | model",
                "{'a':<[>129                              | json_too_complex |",
                "{'<k>1025':1}                            | json_too_complex |",
            })
    void bodiesThatAreNotOneObject(String body, String code, String param) {
        assertRefused(house.post("/v1/chat/completions", json(body.equals("''") ? "" : body)), 400, code, param);
    }

    @ParameterizedTest
    @CsvSource({"none", "../tiny", "tiny/x", "tiny\\u0000", "<m>300"})
    void modelsThatDoNotExist(String model) {
        HttpResponse<String> answer = house.chat(json(CHAT.formatted("'n':1")).replace("tiny", json(model)));
        assertRefused(answer, 404, "model_not_found", "model");
        assertThat(answer.body()).doesNotContain("m".repeat(101));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '|',
            value = {
                "'temperature':'1'                                    | invalid_type               | temperature",
                "'temperature':2.1                                    | invalid_value              | temperature",
                "'top_p':1.1                                          | invalid_value              | top_p",
                "'presence_penalty':-2.1                              | invalid_value              | presence_penalty",
                "'frequency_penalty':2.1                              | invalid_value              | frequency_penalty",
                "'n':17                                               | integer_above_max_value    | n",
                "'max_tokens':0                                       | invalid_value              | max_tokens",
                "'max_completion_tokens':2147483648                   | integer_above_max_value    | max_completion_tokens",
                "'logprobs':true,'top_logprobs':21                    | integer_above_max_value    | top_logprobs",
                "'logit_bias':{'0':101}                               | invalid_value              | logit_bias.0",
                "'logit_bias':{'99999999':1}                          | invalid_value              | logit_bias.99999999",
                "'stop':['a','b','c','d','e']                         | array_above_max_length     | stop",
                "'stop':'<x>257'                                       | string_above_max_length    | stop",
                "'seed':9223372036854775808                           | invalid_value              | seed",
                "'tools':[<{}>129]                                     | array_above_max_length     | tools",
                "'tools':[{'type':'function','function':{'name':'a b'}}] | invalid_value           | tools[0].function.name",
                "'prompt_logprobs':1                                  | unsupported_parameter      | prompt_logprobs",
                "'documents':[{}]                                     | unsupported_parameter      | documents",
                "'chat_template':'x'                                  | unsupported_parameter      | chat_template",
                "'chat_template_kwargs':{'messages':1}                | unsupported_parameter      | chat_template_kwargs.messages",
                "'chat_template_kwargs':{'unlisted':1}                | unsupported_parameter      | chat_template_kwargs.unlisted",
                "'max_tokens':256                                     | context_length_exceeded    | messages",
                "'messages':[]                                        | invalid_value              | messages",
                "'messages':[{'role':'user'}]                         | missing_required_parameter | messages[0].content",
                "'messages':[{'role':'user','content':[{'type':'text','text':5}]}]         | invalid_type        | messages[0].content[0].text",
                "'messages':[{'role':'user','content':[{'type':'image_url','image_url':{}}]}] | unsupported_content | messages[0].content[0]",
                "'response_format':{'type':'json_schema','json_schema':{'name':'a','schema':{'$ref':'http://a/b'}}} | invalid_json_schema | response_format.json_schema.schema.$ref",
                "'guided_regex':'('                                   | invalid_grammar            | guided_regex",
                "'guided_regex':'(a{900}){900}'                       | grammar_too_complex        | guided_regex",
            })
    void chatsThatCannotBeHad(String fields, String code, String param) {
        String chat = fields.startsWith("'messages'") ? COMPLETION : CHAT;
        assertRefused(house.chat(json(chat.formatted(fields))), 400, code, param);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '|',
            value = {
                "'max_tokens':1                        | missing_required_parameter | prompt",
                "'prompt':''                           | invalid_value              | prompt",
                "'prompt':[-1]                         | invalid_value              | prompt[0]",
                "'prompt':[99999999]                   | invalid_value              | prompt",
                "'prompt':[1.5]                        | invalid_type               | prompt[0]",
                "'prompt':'a','logprobs':6             | integer_above_max_value    | logprobs",
                "'prompt':'a','best_of':21             | integer_above_max_value    | best_of",
                "'prompt':'a','n':2,'best_of':1        | invalid_value              | best_of",
                "'prompt':'a','best_of':2,'stream':true | invalid_value             | best_of",
                "'prompt':'a','suffix':'b'             | unsupported_parameter      | suffix",
                "'prompt':'a','echo':true,'logprobs':1 | unsupported_parameter      | logprobs",
            })
    void completionsThatCannotBeHad(String fields, String code, String param) {
        assertRefused(house.post("/v1/completions", json(COMPLETION.formatted(fields))), 400, code, param);
    }

    @Test
    void moreBiasesThanAnEngineTakes() {
        String biases =
                IntStream.range(0, 1025).mapToObj(id -> "'" + id + "':1").collect(Collectors.joining(",", "{", "}"));
        assertRefused(house.chat(json(CHAT.formatted("'logit_bias':" + biases))), 400, "invalid_value", "logit_bias");
    }

    @Test
    void saysBothNumbersOfWhatIsTooLong() {
        assertThat(house.chat(json(CHAT.formatted("'max_tokens':256"))).body())
                .contains("maximum context length is 256 tokens", "256 in the completion");
    }

    @Test
    void aFieldThatNobodyDefinedIsNoFault() {
        HttpResponse<String> answer = house.chat(json(CHAT.formatted("'temprature':1")));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-conch-ignored-parameters")).contains("temprature");
    }

    private void assertRefused(HttpResponse<String> answer, int status, String code, String param) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        assertThat(answer.headers().firstValue("x-request-id")).isPresent();
        assertThat(answer.body()).matches(ERROR);
        assertThat(answer.body())
                .endsWith(
                        "\"param\":%s,\"code\":\"%s\"}}".formatted(param == null ? "null" : "\"" + param + "\"", code));
    }

    private static String json(String table) {
        return REPEATED.matcher(table.replace('\'', '"'))
                .replaceAll(match ->
                        repeated(String.valueOf(match.group(1)), Integer.parseInt(String.valueOf(match.group(2)))));
    }

    private static String repeated(String text, int times) {
        String separator = text.equals("{}") ? "," : "";
        return IntStream.range(0, times).mapToObj(_ -> text).collect(Collectors.joining(separator));
    }
}
