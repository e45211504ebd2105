package dev.conch.output.toolcall.harmony;

import dev.conch.generation.OutputConstraint;
import dev.conch.generation.OutputConstraint.AnyText;
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
import java.util.stream.Stream;

/**
 * OpenAI's harmony format, which gpt-oss speaks: the same parser tells what the model thinks, says and calls.
 */
public final class HarmonyFormat implements ToolFormat, ReasoningFormat {
    public static final HarmonyFormat HARMONY = new HarmonyFormat();

    private static final String NEXT = HarmonyParser.END + HarmonyParser.START + "assistant";
    private static final String COMMENTARY = HarmonyParser.CHANNEL + "commentary";
    private static final String RECIPIENT = " to=functions.";
    private static final String JSON = HarmonyParser.CONSTRAIN + "json" + HarmonyParser.MESSAGE;
    private static final Map<String, Object> ANY_OBJECT = Map.of("type", "object");

    private HarmonyFormat() {}

    @Override
    public String name() {
        return "harmony";
    }

    @Override
    public AnswerParser newParser(List<FunctionSignature> functions) {
        return new HarmonyParser();
    }

    @Override
    public AnswerParser newParser(String prompt, AnswerParser answer) {
        return answer instanceof HarmonyParser ? answer : new NestedParser(new HarmonyParser(), answer);
    }

    @Override
    public OutputConstraint constraint(List<FunctionSignature> functions, CallRule rule) {
        if (rule.required()) {
            List<Tag> calls = calls(functions, COMMENTARY, "").toList();
            return new SeparatedTags(calls, HarmonyParser.START + "assistant", true, !rule.parallel());
        }
        List<Tag> calls =
                calls(functions, COMMENTARY, HarmonyParser.START + "assistant").toList();
        List<String> triggers = List.of(COMMENTARY + RECIPIENT, HarmonyParser.START + "assistant" + RECIPIENT);
        return new TriggeredTags(triggers, calls, false, !rule.parallel());
    }

    @Override
    public OutputConstraint constraint(String prompt, OutputConstraint answer) {
        return new Sequence(List.of(maybe(message("analysis", new AnyText(), NEXT)), framed(answer)));
    }

    /** What one message says, as a message; and so is each of several ways to answer, of which some may be messages already. */
    private static OutputConstraint framed(OutputConstraint answer) {
        if (answer instanceof OneOf(var ways)) {
            return new OneOf(ways.stream().map(HarmonyFormat::framed).toList());
        }
        return isMessages(answer) ? answer : message("final", answer, "");
    }

    @Override
    public List<String> markers() {
        return List.of(
                HarmonyParser.START,
                HarmonyParser.CHANNEL,
                HarmonyParser.MESSAGE,
                HarmonyParser.CONSTRAIN,
                HarmonyParser.END,
                HarmonyParser.CALL,
                HarmonyParser.RETURN);
    }

    /** Calls in the two orders that models write: the recipient behind the channel, or before it. */
    private static Stream<Tag> calls(List<FunctionSignature> functions, String channel, String beforeRecipient) {
        return functions.stream().flatMap(function -> {
            String recipient = RECIPIENT + function.name();
            JsonSchema arguments = new JsonSchema(function.parameters().isEmpty() ? ANY_OBJECT : function.parameters());
            return Stream.of(channel + recipient + " " + JSON, beforeRecipient + recipient + channel + " " + JSON)
                    .map(begin -> new Tag(begin, arguments, HarmonyParser.CALL));
        });
    }

    private static Tag message(String channel, OutputConstraint content, String end) {
        return new Tag(HarmonyParser.CHANNEL + channel + HarmonyParser.MESSAGE, content, end);
    }

    private static OutputConstraint maybe(OutputConstraint part) {
        return new OneOf(List.of(new Literal(""), part));
    }

    /** Whether this is what {@link #constraint(List, CallRule)} makes: messages, and not only what one of them says. */
    private static boolean isMessages(OutputConstraint answer) {
        return switch (answer) {
            case SeparatedTags separated -> isCall(separated.tags());
            case TriggeredTags triggered -> isCall(triggered.tags());
            default -> false;
        };
    }

    private static boolean isCall(List<Tag> tags) {
        return tags.stream().allMatch(tag -> tag.end().equals(HarmonyParser.CALL));
    }
}
