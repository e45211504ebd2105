package dev.conch.pipeline;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
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
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * About how many characters it takes to tell an engine of a constraint. What stands in it in many places is told as often, such as definitions
 * beside every parameter that refers to one, or functions inside of each other: limits on what the client has written do not limit that.
 */
final class GuideSize {
    static final int MAX_CHARS = 1 << 23;

    /** Names, braces and commas around a part. */
    private static final int PART = 32;

    private final String param;
    private long chars;

    private GuideSize(String param) {
        this.param = param;
    }

    /**
     * Makes sure that a constraint is not too large; that costs no more than the limit.
     *
     * @param param by which it was asked for
     * @throws GenerationException {@code GRAMMAR_TOO_COMPLEX}
     */
    static void check(OutputConstraint constraint, String param) {
        new GuideSize(param).add(constraint);
    }

    private void add(OutputConstraint constraint) {
        add(PART);
        switch (constraint) {
            case AnyJson _, AnyText _ -> {}
            case JsonSchema(var schema) -> addValue(schema);
            case Regex(String pattern) -> add(pattern.length());
            case Ebnf(String grammar) -> add(grammar.length());
            case Literal(String text) -> add(text.length());
            case Sequence(var parts) -> parts.forEach(this::add);
            case OneOf(var alternatives) -> alternatives.forEach(this::add);
            case Tag(String begin, OutputConstraint content, String end) -> {
                add(begin.length() + end.length());
                add(content);
            }
            case TriggeredTags tags -> {
                addValue(tags.triggers());
                tags.tags().forEach(this::add);
            }
            case SeparatedTags tags -> {
                add(tags.separator().length());
                tags.tags().forEach(this::add);
            }
        }
    }

    private void addValue(@Nullable Object value) {
        switch (value) {
            case Map<?, ?> members -> {
                add(2);
                members.forEach((name, member) -> {
                    addValue(name);
                    addValue(member);
                });
            }
            case List<?> elements -> {
                add(2);
                elements.forEach(this::addValue);
            }
            case String text -> add(text.length() + 3);
            case null, default -> add(String.valueOf(value).length() + 1);
        }
    }

    private void add(int more) {
        chars += more;
        if (chars > MAX_CHARS) {
            throw new GenerationException(
                    ErrorCode.GRAMMAR_TOO_COMPLEX,
                    "Too complex '%s': what the answer must look like takes too much text to say (limit: %d characters in all)."
                            .formatted(param, MAX_CHARS),
                    param);
        }
    }
}
