package dev.conch.output.toolcall.json;

import dev.conch.generation.OutputConstraint;
import dev.conch.generation.OutputConstraint.JsonSchema;
import dev.conch.generation.OutputConstraint.Literal;
import dev.conch.generation.OutputConstraint.OneOf;
import dev.conch.generation.OutputConstraint.Regex;
import dev.conch.generation.OutputConstraint.SeparatedTags;
import dev.conch.generation.OutputConstraint.Sequence;
import dev.conch.generation.OutputConstraint.Tag;
import dev.conch.generation.OutputConstraint.TriggeredTags;
import dev.conch.output.toolcall.CallRule;
import dev.conch.output.toolcall.FunctionSignature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What makes a model write calls in a {@link JsonLayout}. */
final class JsonConstraint {
    private static final Map<String, Object> ANY_OBJECT = Map.of("type", "object");

    private final JsonLayout layout;

    JsonConstraint(JsonLayout layout) {
        this.layout = layout;
    }

    OutputConstraint of(List<FunctionSignature> functions, CallRule rule) {
        if (rule.required()) {
            return layout.list() ? list(functions, rule) : calls(each(functions), layout.separator(), true, rule);
        }
        List<Tag> tags = layout.list() ? List.of(freeList(functions, rule)) : each(functions);
        return new TriggeredTags(List.of(layout.trigger()), tags, false, !rule.parallel());
    }

    private List<Tag> each(List<FunctionSignature> functions) {
        return calls(functions, layout.opening(), layout.closing());
    }

    private Tag list(List<FunctionSignature> functions, CallRule rule) {
        OutputConstraint all = calls(calls(functions, "", ""), layout.separator(), true, rule);
        return new Tag(layout.opening(), all, layout.closing());
    }

    /** A list that may come in the middle of text: it must begin with what is looked for there. */
    private Tag freeList(List<FunctionSignature> functions, CallRule rule) {
        if (layout.opening().startsWith(layout.trigger())) {
            return list(functions, rule);
        }
        int begun = layout.trigger().length() - layout.opening().length();
        List<OutputConstraint> first = new ArrayList<>();
        for (Tag call : calls(functions, "", "")) {
            first.add(new Tag(call.begin().substring(begun), call.content(), call.end()));
        }
        OutputConstraint content = new OneOf(first);
        if (rule.parallel()) {
            content = new Sequence(List.of(content, calls(calls(functions, layout.separator(), ""), "", false, rule)));
        }
        return new Tag(layout.trigger(), content, layout.closing());
    }

    private static SeparatedTags calls(List<Tag> calls, String separator, boolean atLeastOne, CallRule rule) {
        return new SeparatedTags(calls, separator, atLeastOne, !rule.parallel());
    }

    private List<Tag> calls(List<FunctionSignature> functions, String before, String behind) {
        return functions.stream()
                .map(function -> call(function, before, behind))
                .toList();
    }

    private Tag call(FunctionSignature function, String before, String behind) {
        String text = layout.call().replace(JsonLayout.NAME, function.name());
        int place = text.indexOf(JsonLayout.ARGUMENTS);
        String head = before + text.substring(0, place);
        String tail = text.substring(place + JsonLayout.ARGUMENTS.length()) + behind;
        JsonSchema arguments = new JsonSchema(function.parameters().isEmpty() ? ANY_OBJECT : function.parameters());
        int idPlace = head.indexOf(JsonLayout.ID);
        if (idPlace < 0) {
            return new Tag(head, arguments, tail);
        }
        Literal behindId = new Literal(head.substring(idPlace + JsonLayout.ID.length()));
        return new Tag(
                head.substring(0, idPlace),
                new Sequence(List.of(new Regex("[0-9a-z]{1,9}"), behindId, arguments)),
                tail);
    }
}
