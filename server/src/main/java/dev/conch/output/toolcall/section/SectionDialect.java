package dev.conch.output.toolcall.section;

import dev.conch.generation.OutputConstraint;
import dev.conch.generation.OutputConstraint.JsonSchema;
import dev.conch.generation.OutputConstraint.Literal;
import dev.conch.generation.OutputConstraint.Regex;
import dev.conch.generation.OutputConstraint.SeparatedTags;
import dev.conch.generation.OutputConstraint.Sequence;
import dev.conch.generation.OutputConstraint.Tag;
import dev.conch.generation.OutputConstraint.TriggeredTags;
import dev.conch.output.parser.AnswerParser;
import dev.conch.output.toolcall.CallRule;
import dev.conch.output.toolcall.FunctionSignature;
import dev.conch.output.toolcall.ToolFormat;
import java.util.List;
import java.util.Map;

/**
 * A dialect whose calls are in a {@link SectionLayout}.
 *
 * @param markers what may be control tokens
 */
record SectionDialect(String name, SectionLayout layout, List<String> markers) implements ToolFormat {
    private static final Map<String, Object> ANY_OBJECT = Map.of("type", "object");

    SectionDialect {
        markers = List.copyOf(markers);
    }

    @Override
    public AnswerParser newParser(List<FunctionSignature> functions) {
        return new SectionParser(layout);
    }

    @Override
    public OutputConstraint constraint(List<FunctionSignature> functions, CallRule rule) {
        List<Tag> calls = functions.stream().map(this::call).toList();
        SeparatedTags alone = new SeparatedTags(calls, layout.separator(), true, !rule.parallel());
        if (layout.sectionBegin().isEmpty()) {
            return rule.required()
                    ? alone
                    : new TriggeredTags(List.of(layout.callBegin()), calls, false, !rule.parallel());
        }
        Tag section = new Tag(layout.sectionBegin(), alone, layout.sectionEnd());
        return rule.required()
                ? section
                : new TriggeredTags(List.of(layout.sectionBegin()), List.of(section), false, true);
    }

    private Tag call(FunctionSignature function) {
        String begin =
                layout.callBegin() + layout.beforeName() + layout.header().before() + function.name();
        JsonSchema arguments = new JsonSchema(function.parameters().isEmpty() ? ANY_OBJECT : function.parameters());
        String end = (layout.fence().isEmpty() ? "" : "\n" + layout.fence()) + layout.callEnd();
        return switch (layout.header()) {
            case NAME -> new Tag(begin + layout.argumentsBegin(), arguments, end);
            case NUMBERED_ID ->
                new Tag(
                        begin + ":",
                        new Sequence(List.of(new Regex("[0-9]{1,3}"), new Literal(layout.argumentsBegin()), arguments)),
                        end);
        };
    }
}
