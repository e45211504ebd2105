package dev.conch.output.toolcall.schema;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a function's schema says of each of its parameters.
 *
 * <p>The text of an argument does not tell 42 from "42". As in vLLM's parsers, the first type that a schema names, other than null, decides:
 * a string is the text as it stands, anything else is JSON. A declared parameter of no type may be anything, so it is JSON if it looks
 * like JSON; one that is not declared is a string. For one thread.
 */
public final class ParameterSchemas {
    /**
     * How many references and alternatives are followed for one parameter. References that each lead to several others make of a small
     * schema one that is as large as a client likes.
     */
    static final int MOST_VISITS = 256;

    private final Map<String, ? extends @Nullable Object> root;
    /** The root, or what it refers to. */
    private final Map<?, ?> object;

    private final Map<?, ?> properties;
    private final Definitions definitions;
    /** Of declared parameters, as far as they were asked for. */
    private final Map<String, ValueForm> forms = new HashMap<>();

    /** @param parameters schema of the arguments object */
    public ParameterSchemas(Map<String, ? extends @Nullable Object> parameters) {
        this.root = parameters;
        this.definitions = new Definitions(parameters);
        this.object = resolve(parameters);
        this.properties = Definitions.map(object.get("properties"));
    }

    /** Names of the declared parameters, in the schema's order. */
    public List<String> names() {
        return properties.keySet().stream().map(String::valueOf).toList();
    }

    /** Whether the function takes arguments of any name, because nothing is said of any. */
    public boolean unspecified() {
        return root.isEmpty();
    }

    public boolean required(String name) {
        return object.get("required") instanceof List<?> required && required.contains(name);
    }

    public ValueForm form(String name) {
        if (properties.containsKey(name)) {
            return forms.computeIfAbsent(name, declared -> formOf(Definitions.map(properties.get(declared))));
        }
        return object.get("additionalProperties") instanceof Map<?, ?> others ? formOf(others) : ValueForm.TEXT;
    }

    private ValueForm formOf(Map<?, ?> schema) {
        Set<String> types = NamedTypes.of(schema, definitions);
        boolean nullable = types.remove("null");
        if (types.isEmpty() || !types.iterator().next().equals("string")) {
            return ValueForm.JSON;
        }
        return nullable ? ValueForm.TEXT_OR_NULL : ValueForm.TEXT;
    }

    /** The strings that a parameter is limited to, and {@code null} if it may be that; empty if it may be any. */
    public List<String> choices(String name) {
        return ListedStrings.of(
                Definitions.map(properties.get(name)), definitions, form(name) == ValueForm.TEXT_OR_NULL);
    }

    /** The schema of one parameter, by itself: with the definitions, if it refers to any. */
    public Map<String, @Nullable Object> schema(String name) {
        Map<?, ?> declared = Definitions.map(properties.get(name));
        Map<String, @Nullable Object> schema = new LinkedHashMap<>();
        declared.forEach((key, value) -> schema.put(String.valueOf(key), value));
        definitions.beside(declared).forEach(schema::putIfAbsent);
        return schema;
    }

    private Map<?, ?> resolve(Map<?, ?> schema) {
        Map<?, ?> resolved = schema;
        for (int visits = 0; visits < MOST_VISITS && resolved.containsKey("$ref"); visits++) {
            resolved = definitions.target(resolved);
        }
        return resolved;
    }
}
