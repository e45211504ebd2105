package dev.conch.constraint;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Measures a schema before anything else looks at it: whatever comes later costs no more than this allows. */
final class SchemaSize {
    private final Budget budget;

    SchemaSize(Budget budget) {
        this.budget = budget;
    }

    void check(@Nullable Object value, Place place) {
        check(value, place, 1);
    }

    private void check(@Nullable Object value, Place place, int depth) {
        switch (value) {
            case Map<?, ?> members -> members(members, place, depth);
            case List<?> elements -> elements(elements, place, depth);
            case String text -> budget.text(text, place);
            case null, default -> {}
        }
    }

    private void members(Map<?, ?> members, Place place, int depth) {
        budget.depth(depth, place);
        budget.node(place);
        members.forEach((key, value) -> {
            String name = String.valueOf(key);
            Place inner = place.member(name);
            budget.text(name, inner);
            if (name.equals("enum") && value instanceof List<?> values) {
                budget.enumValues(values.size(), inner);
            }
            check(value, inner, depth + 1);
        });
    }

    private void elements(List<?> elements, Place place, int depth) {
        budget.depth(depth, place);
        budget.node(place);
        for (int i = 0; i < elements.size(); i++) {
            check(elements.get(i), place.element(i), depth + 1);
        }
    }
}
