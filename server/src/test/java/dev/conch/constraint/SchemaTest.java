package dev.conch.constraint;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.conch.chat.PlainJson;
import dev.conch.generation.GenerationException;
import dev.conch.generation.OutputConstraint;
import dev.conch.generation.OutputConstraint.JsonSchema;
import dev.conch.openai.ResponseFormat;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Schemas in JSON, and what is read of them. */
abstract class SchemaTest {
    static final Constraints CONSTRAINTS = new Constraints(System::nanoTime);

    static final String PARAM = "response_format.json_schema.schema";

    static @Nullable OutputConstraint format(String schema, boolean strict) {
        return CONSTRAINTS.of(
                strict
                        ? new ResponseFormat.JsonSchema(object(schema), true, PARAM)
                        : new ResponseFormat.GuidedJson(object(schema), PARAM));
    }

    static GenerationException refusal(String schema, boolean strict) {
        var refusal = catchThrowableOfType(GenerationException.class, () -> format(schema, strict));
        assertThat(refusal).as(schema).isNotNull();
        return refusal;
    }

    static String strict(String schema) {
        return told(format(schema, true));
    }

    static String lenient(String schema) {
        return told(CONSTRAINTS.of(new ResponseFormat.JsonSchema(object(schema), false, PARAM)));
    }

    /** The schema that engines are given, spelled as {@link #kept} does. */
    static String told(@Nullable OutputConstraint read) {
        return ((JsonSchema) requireNonNull(read)).schema().toString();
    }

    static String kept(String schema) {
        return String.valueOf(PlainJson.read(schema));
    }

    static int occurrences(String word, String text) {
        return text.split(Pattern.quote(word), -1).length - 1;
    }

    @SuppressWarnings("unchecked")
    static Map<String, @Nullable Object> object(String json) {
        return requireNonNull((Map<String, @Nullable Object>) PlainJson.read(json));
    }
}
