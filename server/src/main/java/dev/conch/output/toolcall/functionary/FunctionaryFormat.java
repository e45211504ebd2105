package dev.conch.output.toolcall.functionary;

import dev.conch.generation.OutputConstraint;
import dev.conch.generation.OutputConstraint.JsonSchema;
import dev.conch.generation.OutputConstraint.Literal;
import dev.conch.generation.OutputConstraint.OneOf;
import dev.conch.generation.OutputConstraint.SeparatedTags;
import dev.conch.generation.OutputConstraint.Sequence;
import dev.conch.generation.OutputConstraint.Tag;
import dev.conch.generation.OutputConstraint.TriggeredTags;
import dev.conch.output.parser.AnswerParser;
import dev.conch.output.parser.NestedParser;
import dev.conch.output.reasoning.ReasoningFormat;
import dev.conch.output.toolcall.CallRule;
import dev.conch.output.toolcall.FunctionSignature;
import dev.conch.output.toolcall.ToolFormat;
import java.util.List;
import java.util.Map;

/**
 * The format of Functionary v3.2, whose prompt ends with the mark before the first message, or in a message that is to be continued. The
 * model marks no reasoning; but where nothing may be called, too, its answer says for whom it is, and that is no part of it.
 */
public final class FunctionaryFormat implements ToolFormat, ReasoningFormat {
    public static final FunctionaryFormat V32 = new FunctionaryFormat();

    private static final Literal TO_ALL = new Literal(FunctionaryParser.ALL + "\n");
    private static final Literal NEXT = new Literal(FunctionaryParser.MARK);
    private static final Map<String, Object> ANY_OBJECT = Map.of("type", "object");

    private FunctionaryFormat() {}

    @Override
    public String name() {
        return "functionary_v32";
    }

    @Override
    public AnswerParser newParser(List<FunctionSignature> functions) {
        return new FunctionaryParser(functions);
    }

    @Override
    public AnswerParser newParser(String prompt, AnswerParser answer) {
        if (answer instanceof FunctionaryParser messages) {
            return beginsMessage(prompt) ? messages : messages.inText();
        }
        return new NestedParser(newParser(prompt, new FunctionaryParser(List.of())), answer);
    }

    @Override
    public OutputConstraint constraint(List<FunctionSignature> functions, CallRule rule) {
        SeparatedTags alone = new SeparatedTags(calls("", functions), FunctionaryParser.MARK, true, !rule.parallel());
        if (rule.required()) {
            return alone;
        }
        var behindText = new TriggeredTags(
                List.of(FunctionaryParser.MARK), calls(FunctionaryParser.MARK, functions), false, !rule.parallel());
        return new OneOf(List.of(alone, new Sequence(List.of(TO_ALL, behindText))));
    }

    @Override
    public OutputConstraint constraint(String prompt, OutputConstraint answer) {
        boolean begins = beginsMessage(prompt);
        return switch (answer) {
            case OneOf(var ways) ->
                new OneOf(ways.stream().map(way -> constraint(prompt, way)).toList());
            case SeparatedTags calls
            when calls.separator().equals(FunctionaryParser.MARK) ->
                begins ? answer : new Sequence(List.of(NEXT, answer));
            case Sequence(var parts) when isCallsBehindText(parts) -> begins ? answer : parts.getLast();
            default -> begins ? new Sequence(List.of(TO_ALL, answer)) : answer;
        };
    }

    /** Whether a message comes next; else one goes on that is there already, and nobody has to be named. */
    private static boolean beginsMessage(String prompt) {
        return prompt.endsWith(FunctionaryParser.MARK);
    }

    private static boolean isCallsBehindText(List<OutputConstraint> parts) {
        return parts.size() == 2
                && parts.getFirst().equals(TO_ALL)
                && parts.getLast() instanceof TriggeredTags calls
                && calls.triggers().equals(List.of(FunctionaryParser.MARK));
    }

    @Override
    public List<String> markers() {
        return List.of();
    }

    private static List<Tag> calls(String mark, List<FunctionSignature> functions) {
        return functions.stream()
                .map(function -> new Tag(
                        mark + function.name() + "\n",
                        new JsonSchema(function.parameters().isEmpty() ? ANY_OBJECT : function.parameters()),
                        ""))
                .toList();
    }
}
