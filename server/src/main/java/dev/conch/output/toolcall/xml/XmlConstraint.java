package dev.conch.output.toolcall.xml;

import dev.conch.generation.OutputConstraint;
import dev.conch.generation.OutputConstraint.AnyText;
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
import dev.conch.output.toolcall.schema.ValueForm;
import java.util.List;

/**
 * What makes a model write calls in an {@link XmlLayout}: its declared parameters in the schema's order, each that is required and any of
 * the others. Of strings, only the values are held to that a schema lists; their length and pattern are not.
 */
final class XmlConstraint {
    private static final OutputConstraint NOTHING = new Literal("");
    private static final String BLOCK_SEPARATOR = "\n";

    private final XmlLayout layout;

    XmlConstraint(XmlLayout layout) {
        this.layout = layout;
    }

    OutputConstraint of(List<FunctionSignature> functions, CallRule rule) {
        List<Tag> blocks = blocks(functions, rule);
        boolean one = layout.manyCalls() || !rule.parallel();
        return rule.required()
                ? new SeparatedTags(blocks, BLOCK_SEPARATOR, true, one)
                : new TriggeredTags(List.of(trigger()), blocks, false, one);
    }

    private String trigger() {
        return layout.blockBegin().isEmpty()
                ? layout.callBegin()
                : layout.blockBegin().strip();
    }

    private List<Tag> blocks(List<FunctionSignature> functions, CallRule rule) {
        if (layout.manyCalls()) {
            List<Tag> calls =
                    functions.stream().map(function -> call(function, "", "")).toList();
            OutputConstraint all = new SeparatedTags(calls, "", true, !rule.parallel());
            return List.of(new Tag(layout.blockBegin(), all, layout.blockEnd()));
        }
        return functions.stream()
                .map(function -> call(function, layout.blockBegin(), layout.blockEnd()))
                .toList();
    }

    private Tag call(FunctionSignature function, String before, String behind) {
        return new Tag(
                before + layout.callBegin() + function.name() + layout.nameEnd(),
                arguments(new ParameterSchemas(function.parameters())),
                layout.callEnd() + behind);
    }

    private OutputConstraint arguments(ParameterSchemas parameters) {
        if (parameters.unspecified()) {
            return new SeparatedTags(List.of(anyArgument()), "", false, false);
        }
        List<OutputConstraint> parts = parameters.names().stream()
                .map(name -> argument(name, parameters))
                .toList();
        return parts.isEmpty() ? NOTHING : new Sequence(parts);
    }

    private OutputConstraint argument(String name, ParameterSchemas parameters) {
        ValueForm form = parameters.form(name);
        Tag argument = new Tag(
                layout.argumentBegin() + name + layout.keyEnd(form == ValueForm.TEXT) + layout.valueBegin(),
                value(name, form, parameters),
                layout.valueEnd());
        return parameters.required(name) ? argument : new OneOf(List.of(NOTHING, argument));
    }

    private static OutputConstraint value(String name, ValueForm form, ParameterSchemas parameters) {
        if (form == ValueForm.JSON) {
            return new JsonSchema(parameters.schema(name));
        }
        List<String> choices = parameters.choices(name);
        return choices.isEmpty()
                ? new AnyText()
                : new OneOf(choices.stream().<OutputConstraint>map(Literal::new).toList());
    }

    /** An argument of a function of which nothing is known. */
    private Tag anyArgument() {
        return new Tag(
                layout.argumentBegin(),
                new Sequence(List.of(
                        new Regex("[A-Za-z_][A-Za-z0-9_]{0,63}"),
                        new Literal(layout.keyEnd(true) + layout.valueBegin()),
                        new AnyText())),
                layout.valueEnd());
    }
}
