package dev.conch.constraint;

import dev.conch.generation.OutputConstraint;
import dev.conch.openai.ResponseFormat;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes constraints of what clients ask for. What comes out is well-formed, within limits, and enforced alike by the engines that are known;
 * docs/structured-output.md has the keywords and the limits. The work is bounded by limits on size, and by the time if the machine is much too slow
 * for these; it is still too much for an event loop. Thread-safe.
 */
public final class Constraints {
    private static final int MOST_KEPT = 256;

    private final ReadSchemas parameters = new ReadSchemas(MOST_KEPT);
    private final LongSupplier nanos;

    /** @param nanos monotonic time in nanoseconds */
    public Constraints(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * What an answer must look like.
     *
     * @return null: anything
     * @throws dev.conch.generation.GenerationException {@code INVALID_JSON_SCHEMA}, {@code INVALID_GRAMMAR} or {@code GRAMMAR_TOO_COMPLEX},
     *     with the path of what is wrong
     */
    public @Nullable OutputConstraint of(ResponseFormat format) {
        var reader = new ConstraintReader(new Budget(nanos));
        return switch (format) {
            case ResponseFormat.Text ignored -> null;
            case ResponseFormat.JsonObject ignored -> new OutputConstraint.AnyJson();
            case ResponseFormat.JsonSchema schema ->
                reader.schema(
                        schema.schema(),
                        schema.strict() ? Enforcement.STRICT : Enforcement.LENIENT,
                        Place.of(schema.param()));
            case ResponseFormat.GuidedJson guided ->
                reader.schema(guided.schema(), Enforcement.FULL, Place.of(guided.param()));
            case ResponseFormat.Regex regex -> reader.regex(regex.pattern(), Place.of(regex.param()));
            case ResponseFormat.Choice choice -> reader.choice(choice.choices(), Place.of(choice.param()));
            case ResponseFormat.Grammar grammar -> reader.grammar(grammar.grammar(), Place.of(grammar.param()));
            case ResponseFormat.StructuralTag tag ->
                new StructuralTagReader(reader).read(tag.tag(), Place.of(tag.param()));
        };
    }

    /**
     * What the arguments of a function must look like.
     *
     * @param strict whether all that the schema says is enforced or refused; else what cannot be enforced is left out
     * @param param where the schema is
     * @throws dev.conch.generation.GenerationException as {@link #of}
     */
    public OutputConstraint parameters(Map<String, ? extends @Nullable Object> schema, boolean strict, String param) {
        Enforcement enforcement = strict ? Enforcement.STRICT : Enforcement.RELAXED;
        var key = new ReadSchemas.Key(schema, enforcement);
        OutputConstraint known = parameters.find(key);
        if (known != null) {
            return known;
        }
        var reader = new ConstraintReader(new Budget(nanos));
        OutputConstraint read = reader.schema(schema, enforcement, Place.of(param));
        if (reader.budget().isSmall()) {
            parameters.keep(key, read);
        }
        return read;
    }
}
