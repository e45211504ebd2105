package dev.conch.chat.jinja;

import java.util.HashMap;
import java.util.Map;

/** What stands after a {@code |}: makes a value of a value. */
@FunctionalInterface
interface Filter {

    Value apply(Value input, Arguments arguments, Rendering rendering);

    /** Filters by name. */
    final class Registry {
        private static final Map<String, Filter> FILTERS = filters();

        private Registry() {}

        /** The filter that a template names by a value, while it is rendered. */
        static Filter find(String name) {
            Filter filter = FILTERS.get(name);
            if (filter == null) {
                throw new TemplateException("no filter named '" + name + "'");
            }
            return filter;
        }

        static boolean has(String name) {
            return FILTERS.containsKey(name);
        }

        private static Map<String, Filter> filters() {
            Map<String, Filter> filters = new HashMap<>();
            TextFilters.register(filters);
            ValueFilters.register(filters);
            ElementFilters.register(filters);
            PartFilters.register(filters);
            return Map.copyOf(filters);
        }
    }
}
