package dev.conch.http.request;

import io.micronaut.json.tree.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values that ask for what happens anyway.
 *
 * @param values plain values, as YAML has them; {@code *} is any
 */
public record NeutralValues(List<?> values) {
    private static final String ANY = "*";

    boolean contain(JsonNode node) {
        Object plain = PlainValues.value(node);
        return values.stream().anyMatch(value -> ANY.equals(value) || same(value, plain));
    }

    /** JSON has one kind of number. */
    private static boolean same(Object value, @Nullable Object plain) {
        if (value instanceof Number a && plain instanceof Number b) {
            return a.doubleValue() == b.doubleValue();
        }
        return value.equals(plain);
    }
}
