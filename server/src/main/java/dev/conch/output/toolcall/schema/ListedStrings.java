package dev.conch.output.toolcall.schema;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The strings that one schema lists, if it lists all that it takes. For one schema and one thread. */
final class ListedStrings {
    /** Each is a part of the grammar, once for every parameter that may be it. */
    private static final int MOST = 1_000;

    private static final String NULL = "null";

    private final Definitions definitions;
    private final boolean nullable;
    private final Set<String> strings = new LinkedHashSet<>();
    private int visits = ParameterSchemas.MOST_VISITS;

    private ListedStrings(Definitions definitions, boolean nullable) {
        this.definitions = definitions;
        this.nullable = nullable;
    }

    /**
     * The strings in the schema's order; none if there may be others, or they are too many.
     *
     * @param nullable whether the word for null, where it is listed, is one of them; else it would be read as a string
     */
    static List<String> of(Map<?, ?> schema, Definitions definitions, boolean nullable) {
        var listed = new ListedStrings(definitions, nullable);
        return listed.listsAll(schema) ? List.copyOf(listed.strings) : List.of();
    }

    private boolean listsAll(Map<?, ?> schema) {
        if (--visits < 0) {
            return false;
        }
        if (schema.containsKey("$ref")) {
            return listsAll(definitions.target(schema));
        }
        List<?> values = values(schema);
        if (!values.isEmpty()) {
            return addAll(values);
        }
        if (NULL.equals(schema.get("type"))) {
            add(null);
            return true;
        }
        List<?> alternatives = Definitions.listed(schema, schema.containsKey("anyOf") ? "anyOf" : "oneOf");
        return !alternatives.isEmpty() && alternatives.stream().allMatch(each -> listsAll(Definitions.map(each)));
    }

    private static List<?> values(Map<?, ?> schema) {
        if (schema.containsKey("const")) {
            return Collections.singletonList(schema.get("const"));
        }
        if (schema.get("enum") instanceof List<?> listed) {
            return listed;
        }
        return List.of();
    }

    private boolean addAll(List<?> values) {
        if (strings.size() + values.size() > MOST) {
            return false;
        }
        values.forEach(this::add);
        return true;
    }

    private void add(@Nullable Object value) {
        if (value instanceof String string) {
            strings.add(string);
        } else if (value == null && nullable) {
            strings.add(NULL);
        }
    }
}
