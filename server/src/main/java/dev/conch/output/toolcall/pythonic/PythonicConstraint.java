package dev.conch.output.toolcall.pythonic;

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
import dev.conch.output.toolcall.schema.ParameterSchemas;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What makes a model write calls in a {@link PythonicLayout}: required arguments first, then any of the others, each with a JSON value,
 * which the parser takes for Python's.
 */
final class PythonicConstraint {
    /** In free text, a list of several calls is a tree of this many functions squared; with more, each list has one call. */
    private static final int MOST_FUNCTIONS_IN_LISTS = 16;

    private static final OutputConstraint NOTHING = new Literal("");

    private final PythonicLayout layout;

    PythonicConstraint(PythonicLayout layout) {
        this.layout = layout;
    }

    OutputConstraint of(List<FunctionSignature> functions, CallRule rule) {
        Tag list = new Tag(
                layout.begin(),
                new SeparatedTags(calls("", functions, ""), layout.separator(), true, !rule.parallel()),
                layout.end());
        if (rule.required()) {
            return list;
        }
        return layout.brackets()
                ? inText(functions, rule.parallel())
                : new TriggeredTags(List.of(layout.begin().strip()), List.of(list), false, true);
    }

    /** A bracket alone may be text, so it takes the name of a function too for a list of calls. */
    private OutputConstraint inText(List<FunctionSignature> functions, boolean parallel) {
        boolean list = parallel && functions.size() <= MOST_FUNCTIONS_IN_LISTS;
        OutputConstraint more =
                list ? new SeparatedTags(calls(layout.separator(), functions, ""), "", false, false) : NOTHING;
        List<Tag> tags = functions.stream()
                .map(function -> new Tag(
                        layout.begin() + function.name() + "(",
                        new Sequence(List.of(arguments(function), new Literal(")"), more)),
                        layout.end()))
                .toList();
        return new TriggeredTags(tags.stream().map(Tag::begin).toList(), tags, false, list || !parallel);
    }

    private static List<Tag> calls(String before, List<FunctionSignature> functions, String behind) {
        return functions.stream()
                .map(function -> new Tag(before + function.name() + "(", arguments(function), ")" + behind))
                .toList();
    }

    private static OutputConstraint arguments(FunctionSignature function) {
        ParameterSchemas parameters = new ParameterSchemas(function.parameters());
        if (parameters.unspecified()) {
            return new SeparatedTags(List.of(anyArgument()), ", ", false, false);
        }
        List<String> required =
                parameters.names().stream().filter(parameters::required).toList();
        List<OutputConstraint> parts = new ArrayList<>();
        for (String name : required) {
            parts.add(new Tag((parts.isEmpty() ? "" : ", ") + name + "=", value(name, parameters), ""));
        }
        for (String name : parameters.names()) {
            if (!required.contains(name)) {
                parts.add(optional(name, parameters, required.isEmpty()));
            }
        }
        return parts.isEmpty() ? NOTHING : new Sequence(parts);
    }

    /** An argument that may be missing. With none before it that is sure to be there, the comma comes behind, where Python takes it too. */
    private static OutputConstraint optional(String name, ParameterSchemas parameters, boolean commaBehind) {
        return new OneOf(List.of(
                NOTHING,
                new Tag(
                        commaBehind ? name + "=" : ", " + name + "=",
                        value(name, parameters),
                        commaBehind ? ", " : "")));
    }

    private static OutputConstraint value(String name, ParameterSchemas parameters) {
        return new JsonSchema(parameters.schema(name));
    }

    private static Tag anyArgument() {
        return new Tag(
                "",
                new Sequence(
                        List.of(new Regex("[A-Za-z_][A-Za-z0-9_]{0,63}"), new Literal("="), new JsonSchema(Map.of()))),
                "");
    }
}
