package dev.conch.openai;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A function that the model may call ({@code ChatCompletionTool}).
 *
 * @param definition the whole object as the client sent it, its keys in their order: templates print it. Plain values: null, Boolean,
 *     String, Long, BigInteger, Double, List, Map
 */
public record Tool(Map<String, ? extends @Nullable Object> definition) {

    /** The function's name; empty if the definition has none. */
    public String name() {
        return function().get("name") instanceof String name ? name : "";
    }

    /** JSON Schema of the arguments; empty if the definition says nothing of them. */
    public Map<String, ? extends @Nullable Object> parameters() {
        return function().get("parameters") instanceof Map<?, ?> parameters ? named(parameters) : Map.of();
    }

    /** Whether the client wants arguments that conform to the schema without fail. */
    public boolean strict() {
        return Boolean.TRUE.equals(function().get("strict"));
    }

    private Map<String, ? extends @Nullable Object> function() {
        return definition.get("function") instanceof Map<?, ?> function ? named(function) : Map.of();
    }

    /** JSON objects have no other keys than texts. */
    @SuppressWarnings("unchecked")
    private static Map<String, ? extends @Nullable Object> named(Map<?, ?> object) {
        return (Map<String, ? extends @Nullable Object>) object;
    }
}
