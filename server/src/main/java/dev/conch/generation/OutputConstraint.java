package dev.conch.generation;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the text of an answer must look like, as a tree. Whoever makes one has checked it: schemas, patterns and grammars are well-formed
 * and within limits. The nodes are those of XGrammar's structural tags; an engine gets the simple ones by their own guide types.
 * Immutable.
 */
public sealed interface OutputConstraint {

    /** Any JSON object. */
    record AnyJson() implements OutputConstraint {}

    /**
     * JSON that conforms to a schema, without free whitespace where the engine can do so.
     *
     * @param schema JSON Schema 2020-12 as plain values: null, Boolean, String, Long, BigInteger, Double, List, Map in the client's order
     */
    record JsonSchema(Map<String, ? extends @Nullable Object> schema) implements OutputConstraint {}

    /**
     * Text that a regular expression matches from its beginning to its end.
     *
     * @param pattern in RE2's syntax
     */
    record Regex(String pattern) implements OutputConstraint {}

    /**
     * Text of a language.
     *
     * @param grammar in the EBNF dialect of XGrammar and GBNF; its first rule is {@code root}
     */
    record Ebnf(String grammar) implements OutputConstraint {}

    /** Exactly this text. Control tokens in it are meant as such. */
    record Literal(String text) implements OutputConstraint {}

    /** Anything, up to the end of the {@link Tag} around it, or of the answer. */
    record AnyText() implements OutputConstraint {}

    /** One after the other. */
    record Sequence(List<OutputConstraint> parts) implements OutputConstraint {
        public Sequence {
            parts = List.copyOf(parts);
        }
    }

    /** Any one of these. */
    record OneOf(List<OutputConstraint> alternatives) implements OutputConstraint {
        public OneOf {
            alternatives = List.copyOf(alternatives);
        }
    }

    /** Content between two literal texts, either of which may be empty. */
    record Tag(String begin, OutputConstraint content, String end) implements OutputConstraint {}

    /**
     * Free text in which a trigger is always the beginning of one of the tags.
     *
     * @param triggers beginnings of the tags' {@code begin}
     * @param atLeastOne whether a tag must be there, and nothing before the first
     * @param stopAfterFirst whether the answer ends with the first tag
     */
    record TriggeredTags(List<String> triggers, List<Tag> tags, boolean atLeastOne, boolean stopAfterFirst)
            implements OutputConstraint {
        public TriggeredTags {
            triggers = List.copyOf(triggers);
            tags = List.copyOf(tags);
        }
    }

    /**
     * Tags alone, with a separator between them.
     *
     * @param stopAfterFirst whether there is only one
     */
    record SeparatedTags(List<Tag> tags, String separator, boolean atLeastOne, boolean stopAfterFirst)
            implements OutputConstraint {
        public SeparatedTags {
            tags = List.copyOf(tags);
        }
    }
}
