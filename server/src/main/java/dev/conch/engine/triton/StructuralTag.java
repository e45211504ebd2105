package dev.conch.engine.triton;

import dev.conch.generation.OutputConstraint;
import dev.conch.generation.OutputConstraint.AnyJson;
import dev.conch.generation.OutputConstraint.AnyText;
import dev.conch.generation.OutputConstraint.Ebnf;
import dev.conch.generation.OutputConstraint.JsonSchema;
import dev.conch.generation.OutputConstraint.Literal;
import dev.conch.generation.OutputConstraint.OneOf;
import dev.conch.generation.OutputConstraint.Regex;
import dev.conch.generation.OutputConstraint.SeparatedTags;
import dev.conch.generation.OutputConstraint.Sequence;
import dev.conch.generation.OutputConstraint.Tag;
import dev.conch.generation.OutputConstraint.TriggeredTags;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A constraint as XGrammar's structural tag, in plain values. */
final class StructuralTag {
    private static final Map<String, ?> ANY_OBJECT = Map.of("type", "object");

    private StructuralTag() {}

    static Map<String, ?> of(OutputConstraint constraint) {
        return new Node("structural_tag").with("format", format(constraint)).members;
    }

    private static Map<String, ?> format(OutputConstraint constraint) {
        return switch (constraint) {
            case AnyJson _ -> new Node("json_schema").with("json_schema", ANY_OBJECT).members;
            case JsonSchema(var schema) -> new Node("json_schema").with("json_schema", schema).members;
            case Regex(String pattern) -> new Node("regex").with("pattern", pattern).members;
            case Ebnf(String grammar) -> new Node("grammar").with("grammar", grammar).members;
            case Literal(String text) -> new Node("const_string").with("value", text).members;
            case AnyText _ -> new Node("any_text").members;
            case Sequence(var parts) -> new Node("sequence").with("elements", formats(parts)).members;
            case OneOf(var alternatives) -> new Node("or").with("elements", formats(alternatives)).members;
            case Tag tag -> tag(tag);
            case TriggeredTags tags ->
                new Node("triggered_tags")
                        .with("triggers", tags.triggers())
                        .with("tags", formats(tags.tags()))
                        .with("at_least_one", tags.atLeastOne())
                        .with("stop_after_first", tags.stopAfterFirst())
                        .members;
            case SeparatedTags tags ->
                new Node("tags_with_separator")
                        .with("tags", formats(tags.tags()))
                        .with("separator", tags.separator())
                        .with("at_least_one", tags.atLeastOne())
                        .with("stop_after_first", tags.stopAfterFirst())
                        .members;
        };
    }

    private static Map<String, ?> tag(Tag tag) {
        return new Node("tag")
                .with("begin", tag.begin())
                .with("content", format(tag.content()))
                .with("end", tag.end())
                .members;
    }

    private static List<Map<String, ?>> formats(List<? extends OutputConstraint> constraints) {
        return constraints.stream().<Map<String, ?>>map(StructuralTag::format).toList();
    }

    /** An object in the order in which its members are added. */
    private static final class Node {
        private final Map<String, Object> members = new LinkedHashMap<>();

        Node(String type) {
            members.put("type", type);
        }

        Node with(String name, Object value) {
            members.put(name, value);
            return this;
        }
    }
}
