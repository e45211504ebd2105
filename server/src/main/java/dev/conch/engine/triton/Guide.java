package dev.conch.engine.triton;

import dev.conch.generation.OutputConstraint;
import dev.conch.generation.OutputConstraint.AnyJson;
import dev.conch.generation.OutputConstraint.Ebnf;
import dev.conch.generation.OutputConstraint.JsonSchema;
import dev.conch.generation.OutputConstraint.Regex;
import org.jspecify.annotations.Nullable;

/**
 * A constraint as TensorRT-LLM's guided decoding has it.
 *
 * @param text what the type says; null where there is nothing to say
 */
record Guide(Type type, @Nullable String text) {

    /** Values of {@code guided_decoding_guide_type}. */
    enum Type {
        JSON("json"),
        JSON_SCHEMA("json_schema"),
        REGEX("regex"),
        EBNF_GRAMMAR("ebnf_grammar"),
        /** Not known to NVIDIA's C++ backend. */
        STRUCTURAL_TAG("structural_tag");

        private final String wireName;

        Type(String wireName) {
            this.wireName = wireName;
        }

        String wireName() {
            return wireName;
        }
    }

    static Guide of(OutputConstraint constraint) {
        return switch (constraint) {
            case AnyJson _ -> new Guide(Type.JSON, null);
            case JsonSchema(var schema) -> new Guide(Type.JSON_SCHEMA, PlainValueJson.write(schema));
            case Regex(String pattern) -> new Guide(Type.REGEX, pattern);
            case Ebnf(String grammar) -> new Guide(Type.EBNF_GRAMMAR, grammar);
            default -> new Guide(Type.STRUCTURAL_TAG, PlainValueJson.write(StructuralTag.of(constraint)));
        };
    }
}
