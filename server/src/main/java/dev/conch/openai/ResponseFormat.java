package dev.conch.openai;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the answer must look like: {@code response_format}, and vLLM's {@code structured_outputs} and {@code guided_*}. Shapes and types were
 * checked; whether schemas, patterns and grammars are well-formed was not. Plain values: null, Boolean, String, Long, BigInteger, Double,
 * List, Map in the client's order.
 */
public sealed interface ResponseFormat {

    /** Anything. */
    record Text() implements ResponseFormat {}

    /** Any JSON object. */
    record JsonObject() implements ResponseFormat {}

    /**
     * JSON that conforms to a schema.
     *
     * @param schema absent in a request: the empty map, to which any object conforms
     * @param strict whether keywords that cannot be enforced are refused; otherwise they are left out
     * @param param where the schema is, for errors
     */
    record JsonSchema(Map<String, ? extends @Nullable Object> schema, boolean strict, String param)
            implements ResponseFormat {}

    /** JSON that conforms to a schema as a whole: {@code guided_json}, {@code structured_outputs.json}. */
    record GuidedJson(Map<String, ? extends @Nullable Object> schema, String param) implements ResponseFormat {}

    /** Text that the regular expression matches as a whole. */
    record Regex(String pattern, String param) implements ResponseFormat {}

    /** One of these texts, of which there is at least one. */
    record Choice(List<String> choices, String param) implements ResponseFormat {
        public Choice {
            choices = List.copyOf(choices);
        }
    }

    /** Text of the language of an EBNF grammar. */
    record Grammar(String grammar, String param) implements ResponseFormat {}

    /** XGrammar's structural tag: the whole object with its {@code type} and {@code format}, or the older form. */
    record StructuralTag(Map<String, ? extends @Nullable Object> tag, String param) implements ResponseFormat {}
}
