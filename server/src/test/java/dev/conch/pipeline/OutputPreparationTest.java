package dev.conch.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conch.constraint.Constraints;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.OutputConstraint;
import dev.conch.generation.OutputConstraint.AnyJson;
import dev.conch.generation.OutputConstraint.Literal;
import dev.conch.generation.OutputConstraint.OneOf;
import dev.conch.generation.OutputConstraint.Sequence;
import dev.conch.generation.ReasoningField;
import dev.conch.model.AnswerFormats;
import dev.conch.openai.ChatCompletionRequest;
import dev.conch.openai.ChatMessage;
import dev.conch.openai.Conversation;
import dev.conch.openai.OutputOptions;
import dev.conch.openai.ResponseFormat;
import dev.conch.openai.SamplingOptions;
import dev.conch.openai.StopOptions;
import dev.conch.openai.Tool;
import dev.conch.openai.ToolChoice;
import dev.conch.openai.ToolOptions;
import dev.conch.output.AnswerFormat;
import dev.conch.output.parser.AnswerParser;
import dev.conch.output.parser.AnswerSink;
import dev.conch.output.parser.PlainText;
import dev.conch.output.reasoning.ReasoningFormat;
import dev.conch.output.toolcall.CallRule;
import dev.conch.output.toolcall.FunctionSignature;
import dev.conch.output.toolcall.Piece;
import dev.conch.output.toolcall.PieceRecorder;
import dev.conch.output.toolcall.ToolFormat;
import dev.conch.output.toolcall.harmony.HarmonyFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The formats here say in a literal what they were asked for. */
class OutputPreparationTest {
    private static final String PROMPT = "the prompt";
    private static final Map<String, ?> SCHEMA = Map.of("type", "object");
    private static final Tool LOOSE = tool("loose", false);
    private static final Tool STRICT = tool("strict", true);
    private static final AnswerFormats TEXT = new AnswerFormats(null, null, Set.of(), Set.of(), ReasoningField.BOTH);
    private static final AnswerFormats CALLS =
            new AnswerFormats(new Calls(), null, Set.of(7), Set.of(), ReasoningField.BOTH);
    private static final AnswerFormats BOTH =
            new AnswerFormats(new Calls(), new Thoughts(), Set.of(), Set.of(), ReasoningField.BOTH);

    @Test
    void textIsHeldToNothing() {
        OutputPreparation text = prepare(CALLS, List.of(), new ToolChoice.Auto(), new ResponseFormat.Text());
        assertThat(text.constraint(PROMPT)).isNull();
        assertThat(text.format(PROMPT, () -> "x")).isSameAs(AnswerFormat.TEXT);
    }

    @Test
    void aCallThatMayBeMadeIsRead() {
        OutputPreparation auto = prepare(CALLS, List.of(LOOSE), new ToolChoice.Auto(), new ResponseFormat.Text());
        assertThat(auto.constraint(PROMPT)).isNull();
        AnswerFormat format = auto.format(PROMPT, () -> "x");
        assertThat(format.parser().get()).isInstanceOf(CallParser.class);
        assertThat(format.callIds().get()).isEqualTo("call_x");
        assertThat(format.maxCalls()).isEqualTo(Integer.MAX_VALUE);
        assertThat(format.shownTokens()).containsExactly(7);
    }

    @Test
    void aStrictFunctionIsHeldToItsSchemaAndNoOther() {
        assertThat(constraint(new ToolChoice.Auto(), LOOSE, STRICT))
                .isEqualTo(new Literal("loose{} strict{type=object} CallRule[required=false, parallel=true]"));
    }

    @Test
    void aCallThatMustBeMadeIsHeldToItsSchema() {
        assertThat(constraint(new ToolChoice.Required(), LOOSE, STRICT))
                .isEqualTo(
                        new Literal("loose{type=object} strict{type=object} CallRule[required=true, parallel=true]"));
        assertThat(constraint(new ToolChoice.Named("loose"), LOOSE, STRICT))
                .isEqualTo(new Literal("loose{type=object} CallRule[required=true, parallel=true]"));
    }

    @Test
    void onlyWhatIsAllowedMayBeCalled() {
        assertThat(constraint(new ToolChoice.Allowed(false, List.of("loose")), LOOSE, STRICT))
                .isEqualTo(new Literal("loose{} CallRule[required=false, parallel=true]"));
        assertThat(constraint(new ToolChoice.Allowed(true, List.of("strict")), LOOSE, STRICT))
                .isEqualTo(new Literal("strict{type=object} CallRule[required=true, parallel=true]"));
    }

    @Test
    void withAFormTheModelEitherCallsOrKeepsToIt() {
        OutputPreparation both = prepare(CALLS, List.of(LOOSE), new ToolChoice.Auto(), new ResponseFormat.JsonObject());
        assertThat(both.constraint(PROMPT))
                .isEqualTo(new OneOf(List.of(
                        new AnyJson(), new Literal("loose{type=object} CallRule[required=true, parallel=true]"))));
        assertThat(both.constraintParam()).isEqualTo("tools");
    }

    @Test
    void theConstraintBeginsBehindTheReasoning() {
        OutputPreparation thinking = prepare(BOTH, List.of(), new ToolChoice.Auto(), new ResponseFormat.JsonObject());
        assertThat(thinking.constraint(PROMPT))
                .isEqualTo(new Sequence(List.of(new Literal("thoughts after " + PROMPT), new AnyJson())));
        assertThat(thinking.format(PROMPT, () -> "x").parser().get()).isInstanceOf(ThoughtParser.class);
    }

    @Test
    void oneFormatForBothReadsReasoningWithToolsAndWithout() {
        var harmony = new AnswerFormats(
                HarmonyFormat.HARMONY, HarmonyFormat.HARMONY, Set.of(), Set.of(), ReasoningField.BOTH);
        for (List<Tool> tools : List.of(List.of(LOOSE), List.<Tool>of())) {
            AnswerFormat format = prepare(harmony, tools, new ToolChoice.Auto(), new ResponseFormat.Text())
                    .format(PROMPT, () -> "x");
            assertThat(format.maxCalls() > 0).isEqualTo(!tools.isEmpty());
            var pieces = new PieceRecorder();
            AnswerParser parser = format.parser().get();
            parser.accept("<|channel|>analysis<|message|>Hm<|end|>", pieces);
            parser.accept("<|start|>assistant<|channel|>final<|message|>So", pieces);
            parser.finish(pieces);
            assertThat(pieces.finished()).containsExactly(new Piece.Reasoning("Hm"), new Piece.Text("So"));
        }
    }

    @Test
    void argumentsAreAnObjectWhetherOrNotTheSchemaSaysSo() {
        Tool untyped = new Tool(Map.of(
                "type", "function", "function", Map.of("name", "f", "parameters", Map.of("properties", Map.of()))));
        assertThat(String.valueOf(constraint(new ToolChoice.Required(), untyped)))
                .contains("type=object");
        Tool text = new Tool(
                Map.of("type", "function", "function", Map.of("name", "f", "parameters", Map.of("type", "string"))));
        assertThatThrownBy(() -> constraint(new ToolChoice.Required(), text))
                .isInstanceOfSatisfying(GenerationException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_JSON_SCHEMA);
                    assertThat(error.param()).isEqualTo("tools[0].function.parameters.type");
                });
    }

    @Test
    void callsThatMayNotBeMadeAreNotLookedFor() {
        assertThat(prepare(CALLS, List.of(LOOSE), new ToolChoice.None(), new ResponseFormat.Text())
                        .format(PROMPT, () -> "x"))
                .isSameAs(AnswerFormat.TEXT);
    }

    @Test
    void aModelWithoutAFormatCannotBeAskedToCall() {
        assertThatThrownBy(() -> prepare(TEXT, List.of(LOOSE), new ToolChoice.Auto(), new ResponseFormat.Text()))
                .isInstanceOfSatisfying(GenerationException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.UNSUPPORTED_PARAMETER);
                    assertThat(error.param()).isEqualTo("tools");
                });
    }

    @Test
    void aRefusalNamesWhatTheClientSaid() {
        assertThat(prepare(CALLS, List.of(LOOSE), new ToolChoice.Required(), new ResponseFormat.JsonObject())
                        .constraintParam())
                .isEqualTo("tool_choice");
        assertThat(prepare(CALLS, List.of(STRICT), new ToolChoice.Auto(), new ResponseFormat.Text())
                        .constraintParam())
                .isEqualTo("tools");
        assertThat(OutputPreparation.constraintParam(new ResponseFormat.Regex("a", "guided_regex")))
                .isEqualTo("guided_regex");
        assertThat(OutputPreparation.constraintParam(
                        new ResponseFormat.JsonSchema(SCHEMA, true, "response_format.json_schema.schema")))
                .isEqualTo("response_format");
    }

    private static @Nullable OutputConstraint constraint(ToolChoice choice, Tool... tools) {
        return prepare(CALLS, List.of(tools), choice, new ResponseFormat.Text()).constraint(PROMPT);
    }

    private static OutputPreparation prepare(
            AnswerFormats formats, List<Tool> tools, ToolChoice choice, ResponseFormat format) {
        var messages =
                List.of(new ChatMessage(ChatMessage.Role.USER, List.of(new ChatMessage.TextPart("hi")), null, null));
        var request = new ChatCompletionRequest(
                "m",
                new Conversation(messages, tools, List.of(), Map.of(), null, true, false),
                new ToolOptions(choice, true, false),
                format,
                new SamplingOptions(
                        null, null, null, null, null, null, null, null, Map.of(), List.of(), List.of(), null),
                new StopOptions(null, "max_tokens", null, List.of(), List.of(), false, false),
                new OutputOptions(1, null, false, false, false, false, true, false, false, true, null),
                false,
                null,
                0);
        return new OutputPreparation(request, formats, new Constraints(System::nanoTime));
    }

    private static Tool tool(String name, boolean strict) {
        return new Tool(
                Map.of("type", "function", "function", Map.of("name", name, "parameters", SCHEMA, "strict", strict)));
    }

    private static final class Calls implements ToolFormat {
        @Override
        public String name() {
            return "calls";
        }

        @Override
        public AnswerParser newParser(List<FunctionSignature> functions) {
            return new CallParser();
        }

        @Override
        public OutputConstraint constraint(List<FunctionSignature> functions, CallRule rule) {
            var text = new StringBuilder();
            functions.forEach(function ->
                    text.append(function.name()).append(function.parameters()).append(' '));
            return new Literal(text.append(rule).toString());
        }

        @Override
        public List<String> markers() {
            return List.of();
        }
    }

    private static final class Thoughts implements ReasoningFormat {
        @Override
        public String name() {
            return "thoughts";
        }

        @Override
        public AnswerParser newParser(String prompt, AnswerParser answer) {
            return new ThoughtParser();
        }

        @Override
        public OutputConstraint constraint(String prompt, OutputConstraint answer) {
            return new Sequence(List.of(new Literal("thoughts after " + prompt), answer));
        }

        @Override
        public List<String> markers() {
            return List.of();
        }
    }

    private static final class CallParser extends PlainTextParser {}

    private static final class ThoughtParser extends PlainTextParser {}

    /** Says nothing of its own. */
    private abstract static class PlainTextParser implements AnswerParser {
        private final PlainText text = new PlainText();

        @Override
        public void accept(String text, AnswerSink sink) {
            this.text.accept(text, sink);
        }

        @Override
        public void finish(AnswerSink sink) {
            text.finish(sink);
        }
    }
}
