package dev.conch.output.toolcall;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Writes texts that a constraint allows, as an engine would have a model do. */
final class Sentences {
    private static final List<String> WORDS =
            List.of("Paris", "a \"b\" <c>", "日本 🐚", "{\"x\": [1]}", "back\\slash", "two\nlines");
    private static final int MOST_TAGS = 3;

    private final SplittableRandom random;

    Sentences(long seed) {
        random = new SplittableRandom(seed);
    }

    String write(OutputConstraint constraint) {
        return switch (constraint) {
            case AnyJson _ -> "{\"any\": true}";
            case JsonSchema(var schema) -> json(schema);
            case Regex(var pattern) -> matching(pattern);
            case Ebnf _ -> throw new IllegalArgumentException("no sentences of grammars");
            case Literal(var text) -> text;
            case AnyText _ -> "any text";
            case Sequence(var parts) ->
                String.join("", parts.stream().map(this::write).toList());
            case OneOf(var alternatives) -> write(any(alternatives));
            case Tag(var begin, var content, var end) -> begin + write(content) + end;
            case TriggeredTags tags -> triggered(tags);
            case SeparatedTags tags -> separated(tags);
        };
    }

    private String triggered(TriggeredTags tags) {
        for (Tag tag : tags.tags()) {
            if (tags.triggers().stream().noneMatch(tag.begin()::startsWith)) {
                throw new AssertionError("no trigger begins " + tag.begin());
            }
        }
        StringBuilder text = new StringBuilder(tags.atLeastOne() ? "" : "Let me see.\n");
        int count = tags.stopAfterFirst() ? 1 : random.nextInt(1, MOST_TAGS + 1);
        for (int i = 0; i < count; i++) {
            text.append(write(any(tags.tags()))).append(tags.stopAfterFirst() ? "" : "\n");
        }
        return text.toString();
    }

    private String separated(SeparatedTags tags) {
        int count = tags.stopAfterFirst() ? 1 : random.nextInt(1, MOST_TAGS + 1);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(write(any(tags.tags())));
        }
        return String.join(tags.separator(), texts);
    }

    /** The patterns that dialects use: one class of characters, repeated; or a letter before that. */
    private static String matching(String pattern) {
        for (String sample : List.of("0", "a1", "abc", "city", "call00001", "Paris", "3", "")) {
            if (sample.matches(pattern)) {
                return sample;
            }
        }
        throw new IllegalArgumentException("no sample matches " + pattern);
    }

    private String json(Map<String, ?> schema) {
        Object type = schema.get("type");
        return switch (String.valueOf(type instanceof List<?> types ? types.getFirst() : type)) {
            case "object" -> object(schema);
            case "array" -> "[" + json(map(schema, "items")) + "," + json(map(schema, "items")) + "]";
            case "string" -> quoted(any(WORDS));
            case "integer" -> "42";
            case "number" -> "-1.5e3";
            case "boolean" -> "true";
            default -> "null";
        };
    }

    private String object(Map<String, ?> schema) {
        List<String> members = new ArrayList<>();
        map(schema, "properties").forEach((name, value) -> members.add(quoted(name) + ":" + json(asMap(value))));
        return "{" + String.join(",", members) + "}";
    }

    private static Map<String, ?> map(Map<String, ?> schema, String key) {
        return asMap(schema.get(key));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, ?> asMap(@Nullable Object value) {
        return value == null ? Map.of() : (Map<String, ?>) value;
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
