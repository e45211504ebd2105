package dev.conch.constraint;

import dev.conch.generation.OutputConstraint;
import dev.conch.generation.OutputConstraint.AnyText;
import dev.conch.generation.OutputConstraint.Literal;
import dev.conch.generation.OutputConstraint.OneOf;
import dev.conch.generation.OutputConstraint.SeparatedTags;
import dev.conch.generation.OutputConstraint.Sequence;
import dev.conch.generation.OutputConstraint.Tag;
import dev.conch.generation.OutputConstraint.TriggeredTags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads XGrammar's structural tags, of today and of before. Free text needs an end: it stands in a tag that has one, or at the end of the
 * whole. For one thread.
 */
final class StructuralTagReader {
    private final ConstraintReader simple;

    StructuralTagReader(ConstraintReader simple) {
        this.simple = simple;
    }

    OutputConstraint read(Map<?, ?> tag, Place place) {
        var fields = new TagFields(tag, place);
        if (tag.containsKey("structures") || tag.containsKey("triggers")) {
            fields.only("type", "structures", "triggers");
            return structures(fields);
        }
        fields.only("type", "format");
        return node(fields.object("format"), 1, true);
    }

    private OutputConstraint structures(TagFields fields) {
        List<Tag> tags = new ArrayList<>();
        for (TagFields structure : fields.objects("structures")) {
            simple.budget().node(structure.place());
            structure.only("begin", "schema", "end");
            Place at = structure.place().member("schema");
            var content = simple.schema(structure.member("schema"), Enforcement.FULL, at);
            tags.add(new Tag(structure.text("begin"), content, end(structure, false)));
        }
        return triggered(fields, tags, false, false);
    }

    /** @param last whether nothing comes after, so that it need not have an end */
    private OutputConstraint node(TagFields fields, int depth, boolean last) {
        simple.budget().depth(depth, fields.place());
        simple.budget().node(fields.place());
        return switch (fields.text("type")) {
            case "const_string" -> literal(fields);
            case "json_schema" -> schema(fields);
            case "regex" -> regex(fields);
            case "grammar" -> grammar(fields);
            case "any_text" -> anyText(fields, last);
            case "sequence" -> sequence(fields, depth, last);
            case "or" -> oneOf(fields, depth, last);
            case "tag" -> tag(fields, depth, last);
            case "triggered_tags" -> triggeredTags(fields, depth, last);
            case "tags_with_separator" -> separatedTags(fields, depth);
            default ->
                throw Refusal.grammar(
                        fields.place().member("type"),
                        "the structural tag '%s' is not supported".formatted(Place.shown(fields.text("type"))));
        };
    }

    private static OutputConstraint literal(TagFields fields) {
        fields.only("type", "value");
        return new Literal(fields.text("value"));
    }

    private OutputConstraint schema(TagFields fields) {
        fields.only("type", "json_schema", "style", "any_order");
        if (!fields.text("style", "json").equals("json")) {
            throw Refusal.grammar(fields.place().member("style"), "expected 'json'");
        }
        fields.refuseFlag("any_order");
        Map<?, ?> schema = fields.member("json_schema");
        return simple.schema(schema, Enforcement.FULL, fields.place().member("json_schema"));
    }

    private OutputConstraint regex(TagFields fields) {
        fields.only("type", "pattern");
        return simple.regex(fields.text("pattern"), fields.place().member("pattern"));
    }

    private OutputConstraint grammar(TagFields fields) {
        fields.only("type", "grammar");
        return simple.grammar(fields.text("grammar"), fields.place().member("grammar"));
    }

    private static OutputConstraint anyText(TagFields fields, boolean last) {
        fields.only("type", "excludes");
        fields.refuseTexts("excludes");
        requireEnd(fields, last);
        return new AnyText();
    }

    private static void requireEnd(TagFields fields, boolean last) {
        if (!last) {
            throw Refusal.grammar(
                    fields.place(),
                    "free text without an end (expected: in a tag with an 'end', or at the end of all)");
        }
    }

    private OutputConstraint sequence(TagFields fields, int depth, boolean last) {
        fields.only("type", "elements");
        List<TagFields> elements = fields.objects("elements");
        List<OutputConstraint> parts = new ArrayList<>();
        for (TagFields element : elements) {
            parts.add(node(element, depth + 1, last && parts.size() == elements.size() - 1));
        }
        return new Sequence(parts);
    }

    private OutputConstraint oneOf(TagFields fields, int depth, boolean last) {
        fields.only("type", "elements");
        List<OutputConstraint> alternatives = new ArrayList<>();
        fields.objects("elements").forEach(element -> alternatives.add(node(element, depth + 1, last)));
        return new OneOf(alternatives);
    }

    private Tag tag(TagFields fields, int depth, boolean last) {
        fields.only("type", "begin", "content", "end");
        String end = end(fields, last);
        var content = node(fields.object("content"), depth + 1, last || !end.isEmpty());
        return new Tag(fields.text("begin"), content, end);
    }

    /** A list of one is that one. */
    private static String end(TagFields fields, boolean mayBeEmpty) {
        String end = fields.textOrOnly("end");
        if (end.isEmpty() && !mayBeEmpty && fields.text("type", "").isEmpty()) {
            throw Refusal.grammar(fields.place().member("end"), "expected a text that is not empty");
        }
        return end;
    }

    private List<Tag> tags(TagFields fields, int depth) {
        List<Tag> tags = new ArrayList<>();
        for (TagFields tag : fields.objects("tags")) {
            simple.budget().depth(depth + 1, tag.place());
            simple.budget().node(tag.place());
            if (!tag.text("type", "tag").equals("tag")) {
                throw Refusal.grammar(tag.place().member("type"), "expected 'tag'");
            }
            tags.add(tag(tag, depth + 1, false));
        }
        return tags;
    }

    private OutputConstraint triggeredTags(TagFields fields, int depth, boolean last) {
        fields.only("type", "triggers", "tags", "at_least_one", "stop_after_first", "excludes");
        fields.refuseTexts("excludes");
        boolean stops = fields.flag("stop_after_first");
        requireEnd(fields, last);
        return triggered(fields, tags(fields, depth), fields.flag("at_least_one"), stops);
    }

    private static OutputConstraint triggered(TagFields fields, List<Tag> tags, boolean atLeastOne, boolean stops) {
        List<String> triggers = fields.texts("triggers");
        for (Tag tag : tags) {
            long begun = triggers.stream().filter(tag.begin()::startsWith).count();
            if (begun != 1) {
                throw Refusal.grammar(
                        fields.place().member("triggers"),
                        "the tag that begins with '%s' begins with %d of the triggers (expected: one)"
                                .formatted(Place.shown(tag.begin()), begun));
            }
        }
        return new TriggeredTags(triggers, tags, atLeastOne, stops);
    }

    private OutputConstraint separatedTags(TagFields fields, int depth) {
        fields.only("type", "tags", "separator", "at_least_one", "stop_after_first");
        List<Tag> tags = tags(fields, depth);
        return new SeparatedTags(
                tags, fields.text("separator"), fields.flag("at_least_one"), fields.flag("stop_after_first"));
    }
}
