package dev.conch.pipeline;

import dev.conch.constraint.Constraints;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.OutputConstraint;
import dev.conch.generation.OutputConstraint.JsonSchema;
import dev.conch.generation.OutputConstraint.OneOf;
import dev.conch.model.AnswerFormats;
import dev.conch.openai.ChatCompletionRequest;
import dev.conch.openai.ResponseFormat;
import dev.conch.openai.Tool;
import dev.conch.openai.ToolChoice;
import dev.conch.openai.ToolOptions;
import dev.conch.output.AnswerFormat;
import dev.conch.output.parser.AnswerParser;
import dev.conch.output.parser.PlainText;
import dev.conch.output.reasoning.ReasoningFormat;
import dev.conch.output.toolcall.CallRule;
import dev.conch.output.toolcall.FunctionSignature;
import dev.conch.output.toolcall.ToolFormat;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the answer to a chat must look like and how its text is read, which the model's formats say both of: made from the tools, the
 * choice among them and the response format. Plain functions, thread-safe.
 */
final class OutputPreparation {
    private final AnswerFormats formats;
    private final Constraints constraints;
    private final ResponseFormat responseFormat;
    private final ToolOptions options;
    private final List<FunctionSignature> functions;

    /**
     * @throws GenerationException a USER error if the model cannot call, or a schema is at fault
     */
    OutputPreparation(ChatCompletionRequest request, AnswerFormats formats, Constraints constraints) {
        this.formats = formats;
        this.constraints = constraints;
        this.responseFormat = request.responseFormat();
        this.options = request.tools();
        this.functions = callable(request.conversation().tools());
        if (!functions.isEmpty() && formats.tools() == null) {
            throw new GenerationException(
                    ErrorCode.UNSUPPORTED_PARAMETER,
                    "Unsupported parameter: '%s' is not supported by this model: it has no format of tool calls."
                            .formatted(toolsParam()),
                    toolsParam());
        }
    }

    private String toolsParam() {
        return options.functionCall() ? "functions" : "tools";
    }

    /** The functions that may be called, as far as the choice goes. */
    private List<FunctionSignature> callable(List<Tool> tools) {
        var callable = new ArrayList<FunctionSignature>();
        for (int i = 0; i < tools.size(); i++) {
            Tool tool = tools.get(i);
            if (mayCall(tool.name())) {
                callable.add(new FunctionSignature(tool.name(), parameters(tool, i), tool.strict()));
            }
        }
        return callable;
    }

    private boolean mayCall(String name) {
        return switch (options.choice()) {
            case ToolChoice.None _ -> false;
            case ToolChoice.Auto _, ToolChoice.Required _ -> true;
            case ToolChoice.Named(String chosen) -> chosen.equals(name);
            case ToolChoice.Allowed allowed -> allowed.names().contains(name);
        };
    }

    private Map<String, ? extends @Nullable Object> parameters(Tool tool, int number) {
        String path = options.functionCall()
                ? "functions[%d].parameters".formatted(number)
                : "tools[%d].function.parameters".formatted(number);
        return constraints.parameters(ofAnObject(tool.parameters(), path), tool.strict(), path)
                        instanceof JsonSchema(var schema)
                ? schema
                : Map.of();
    }

    /** Arguments are an object, which many a schema takes for granted. */
    private static Map<String, ? extends @Nullable Object> ofAnObject(
            Map<String, ? extends @Nullable Object> schema, String path) {
        if (schema.get("type") instanceof String type && !type.equals("object")) {
            throw new GenerationException(
                    ErrorCode.INVALID_JSON_SCHEMA,
                    "Invalid '%s.type': expected 'object'.".formatted(path),
                    path + ".type");
        }
        if (!schema.containsKey("properties") || schema.containsKey("type")) {
            return schema;
        }
        Map<String, @Nullable Object> typed = new LinkedHashMap<>(schema);
        typed.put("type", "object");
        return typed;
    }

    /**
     * How the text of the answer is read.
     *
     * @param prompt the end of the prompt, of which no message is a part
     * @param ids names the calls
     */
    AnswerFormat format(String prompt, IdSource ids) {
        ToolFormat tools = formats.tools();
        ReasoningFormat reasoning = formats.reasoning();
        if (reasoning == null && (tools == null || functions.isEmpty())) {
            return AnswerFormat.TEXT;
        }
        Supplier<String> callIds = tools == null ? ids::next : () -> tools.callId(ids.next());
        return new AnswerFormat(() -> parser(prompt), callIds, maxCalls(), shownTokens());
    }

    /** A format that is for reasoning too reads calls whether or not there may be any. */
    private int maxCalls() {
        if (functions.isEmpty()) {
            return 0;
        }
        return options.parallel() ? Integer.MAX_VALUE : 1;
    }

    private Set<Integer> shownTokens() {
        Set<Integer> shown = new HashSet<>(formats.reasoningTokens());
        if (!functions.isEmpty()) {
            shown.addAll(formats.toolTokens());
        }
        return shown;
    }

    private AnswerParser parser(String prompt) {
        ToolFormat tools = formats.tools();
        ReasoningFormat reasoning = formats.reasoning();
        AnswerParser answer = tools == null || functions.isEmpty() ? new PlainText() : tools.newParser(functions);
        return reasoning == null ? answer : reasoning.newParser(prompt, answer);
    }

    /**
     * What the engine must hold the answer to; null: nothing.
     *
     * @throws dev.conch.generation.GenerationException {@code GRAMMAR_TOO_COMPLEX} if that takes too much text to say
     */
    @Nullable OutputConstraint constraint(String prompt) {
        OutputConstraint answer = answerConstraint();
        if (answer != null) {
            GuideSize.check(answer, constraintParam());
        }
        ReasoningFormat reasoning = formats.reasoning();
        return answer == null || reasoning == null ? answer : reasoning.constraint(prompt, answer);
    }

    private @Nullable OutputConstraint answerConstraint() {
        OutputConstraint asked = constraints.of(responseFormat);
        ToolFormat tools = formats.tools();
        if (tools == null || functions.isEmpty()) {
            return asked;
        }
        if (required()) {
            return tools.constraint(functions, rule(true));
        }
        if (asked != null) {
            return new OneOf(List.of(asked, tools.constraint(functions, rule(true))));
        }
        return mustConform() ? tools.constraint(asFarAsStrict(), rule(false)) : null;
    }

    private boolean required() {
        return switch (options.choice()) {
            case ToolChoice.Required _, ToolChoice.Named _ -> true;
            case ToolChoice.Allowed allowed -> allowed.required();
            case ToolChoice.None _, ToolChoice.Auto _ -> false;
        };
    }

    private CallRule rule(boolean required) {
        return new CallRule(required, options.parallel());
    }

    /** Whether calls have to be held to something although the model may leave them. */
    private boolean mustConform() {
        return options.choice() instanceof ToolChoice.Allowed
                || functions.stream().anyMatch(FunctionSignature::strict);
    }

    private List<FunctionSignature> asFarAsStrict() {
        return functions.stream()
                .map(function -> function.strict() ? function : new FunctionSignature(function.name(), Map.of(), false))
                .toList();
    }

    /** By which parameter the engine was asked to hold to something, in the client's words. */
    String constraintParam() {
        if (functions.isEmpty()) {
            return constraintParam(responseFormat);
        }
        boolean chosen = required() || options.choice() instanceof ToolChoice.Allowed;
        if (options.functionCall()) {
            return chosen ? "function_call" : "functions";
        }
        return chosen ? "tool_choice" : "tools";
    }

    /** Likewise of a request without tools. */
    static String constraintParam(ResponseFormat format) {
        String path = switch (format) {
            case ResponseFormat.Text _, ResponseFormat.JsonObject _ -> "response_format";
            case ResponseFormat.JsonSchema schema -> schema.param();
            case ResponseFormat.GuidedJson guided -> guided.param();
            case ResponseFormat.Regex regex -> regex.param();
            case ResponseFormat.Choice choice -> choice.param();
            case ResponseFormat.Grammar grammar -> grammar.param();
            case ResponseFormat.StructuralTag tag -> tag.param();
        };
        int end = path.indexOf('.');
        return end < 0 ? path : path.substring(0, end);
    }
}
