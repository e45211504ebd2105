package dev.conch.response;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.generation.FinishReason;
import dev.conch.generation.OutputEvent;
import dev.conch.generation.OutputEvent.Finished;
import dev.conch.generation.OutputEvent.ReasoningDelta;
import dev.conch.generation.OutputEvent.TextDelta;
import dev.conch.generation.OutputEvent.Tokens;
import dev.conch.generation.OutputEvent.ToolCallArguments;
import dev.conch.generation.OutputEvent.ToolCallStarted;
import dev.conch.generation.ReasoningField;
import dev.conch.openai.ChatCompletion;
import dev.conch.openai.ChatCompletion.FunctionCall;
import dev.conch.openai.ChatCompletion.Message;
import dev.conch.openai.ChatCompletion.ToolCall;
import dev.conch.response.AnswerForm.Schema;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How calls and reasoning look to a client, in a stream and in a single answer. */
class ChatSchemaTest {
    private static final AnswerHead HEAD = new AnswerHead("chatcmpl-1", 7, "m", "fp_1", List.of(new int[3]), 1);

    @Test
    void aCallIsNamedOnceAndThenOnlyAddedTo() {
        assertThat(chunk(new ToolCallStarted(0, 1, "call_1", "f", Tokens.NONE), form()))
                .isEqualTo(
                        "{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":1,\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]},\"finish_reason\":null}");
        assertThat(chunk(new ToolCallArguments(0, 1, "{\"a\":", Tokens.NONE), form()))
                .isEqualTo(
                        "{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":1,\"function\":{\"arguments\":\"{\\\"a\\\":\"}}]},\"finish_reason\":null}");
        assertThat(chunk(new Finished(0, FinishReason.TOOL_CALLS, 4, 0, Tokens.NONE), form()))
                .isEqualTo("{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}");
    }

    @Test
    void theOlderFormHasOneCall() {
        AnswerForm older = form(ReasoningField.REASONING_CONTENT, true);
        assertThat(chunk(new ToolCallStarted(0, 0, "call_1", "f", Tokens.NONE), older))
                .isEqualTo(
                        "{\"index\":0,\"delta\":{\"function_call\":{\"name\":\"f\",\"arguments\":\"\"}},\"finish_reason\":null}");
        assertThat(chunk(new ToolCallArguments(0, 0, "{}", Tokens.NONE), older))
                .isEqualTo("{\"index\":0,\"delta\":{\"function_call\":{\"arguments\":\"{}\"}},\"finish_reason\":null}");
        assertThat(chunk(new Finished(0, FinishReason.TOOL_CALLS, 4, 0, Tokens.NONE), older))
                .endsWith("\"finish_reason\":\"function_call\"}");
        ChatCompletion answer = answer(older, call("f"), arguments("{}"), end(FinishReason.TOOL_CALLS));
        assertThat(answer.choices().getFirst().finishReason()).isEqualTo("function_call");
        assertThat(answer.choices().getFirst().message())
                .isEqualTo(new Message("assistant", null, null, null, null, null, new FunctionCall("f", "{}")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "REASONING_CONTENT | {\"reasoning_content\":\"hm\"}",
                "REASONING | {\"reasoning\":\"hm\"}",
                "BOTH | {\"reasoning_content\":\"hm\",\"reasoning\":\"hm\"}"
            })
    void reasoningHasTheNamesThatAreConfigured(ReasoningField field, String delta) {
        AnswerForm form = form(field, false);
        assertThat(chunk(new ReasoningDelta(0, "hm", Tokens.NONE), form))
                .isEqualTo("{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":null}");
        Message message = answer(form, new ReasoningDelta(0, "hm", Tokens.NONE), text("so"), end(FinishReason.STOP))
                .choices()
                .getFirst()
                .message();
        assertThat(message.content()).isEqualTo("so");
        assertThat("hm".equals(message.reasoningContent())).isEqualTo(field != ReasoningField.REASONING);
        assertThat("hm".equals(message.reasoning())).isEqualTo(field != ReasoningField.REASONING_CONTENT);
    }

    @Test
    void aSingleAnswerHasTheWholeCalls() {
        ChatCompletion answer = answer(
                form(),
                text("I look."),
                call("f"),
                arguments("{\"a\""),
                arguments(":1}"),
                end(FinishReason.TOOL_CALLS));
        assertThat(answer.choices().getFirst().message())
                .isEqualTo(new Message(
                        "assistant",
                        "I look.",
                        null,
                        null,
                        null,
                        List.of(new ToolCall("call_1", "function", new FunctionCall("f", "{\"a\":1}"))),
                        null));
    }

    @Test
    void whoSaysNothingHasNoContent() {
        assertThat(content(call("f"), end(FinishReason.TOOL_CALLS))).isNull();
        assertThat(content(new ReasoningDelta(0, "hm", Tokens.NONE), end(FinishReason.LENGTH)))
                .isNull();
        assertThat(content(end(FinishReason.STOP))).isEmpty();
    }

    @Test
    void reasoningIsCounted() {
        assertThat(answer(form(), new Finished(0, FinishReason.STOP, 7, 5, Tokens.NONE))
                        .usage()
                        .completionTokensDetails()
                        .reasoningTokens())
                .isEqualTo(5);
    }

    private static @Nullable String content(OutputEvent... events) {
        return answer(form(), events).choices().getFirst().message().content();
    }

    private static ChatCompletion answer(AnswerForm form, OutputEvent... events) {
        var collector = new CompletionCollector(HEAD, form);
        List.of(events).forEach(collector::accept);
        return (ChatCompletion) collector.body();
    }

    private static String chunk(OutputEvent event, AnswerForm form) {
        ByteBuf out = Unpooled.buffer();
        new ChatSchema(HEAD, form).writeNews(out, event);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static ToolCallStarted call(String name) {
        return new ToolCallStarted(0, 0, "call_1", name, Tokens.NONE);
    }

    private static ToolCallArguments arguments(String fragment) {
        return new ToolCallArguments(0, 0, fragment, Tokens.NONE);
    }

    private static TextDelta text(String text) {
        return new TextDelta(0, text, Tokens.NONE);
    }

    private static Finished end(FinishReason reason) {
        return new Finished(0, reason, 4, 0, Tokens.NONE);
    }

    private static AnswerForm form() {
        return form(ReasoningField.REASONING_CONTENT, false);
    }

    private static AnswerForm form(ReasoningField field, boolean functionCall) {
        return new AnswerForm(Schema.CHAT, false, false, false, false, false, field, functionCall);
    }
}
