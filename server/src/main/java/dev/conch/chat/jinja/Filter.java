package dev.conch.chat.jinja;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What stands after a {@code |}: makes a value of a value. */
@FunctionalInterface
interface Filter {

    Value apply(Value input, Arguments arguments, Rendering rendering);

    /** Filters by name. */
    final class Registry {
        private static final Map<String, Filter> FILTERS = filters();
        /** Filters of Jinja that are not built: no template in the wild was seen to use them. */
        private static final Set<String> UNSUPPORTED = Set.of(
                "batch",
                "filesizeformat",
                "groupby",
                "pprint",
                "random",
                "slice",
                "striptags",
                "truncate",
                "urlencode",
                "urlize",
                "wordwrap",
                "xmlattr");

        private Registry() {}

        /**
         * The filter of a name. One that Jinja does not know fails when it is used, as it does in Python; one that Jinja has and we have
         * not is refused at once.
         */
        static Filter find(String name, int line) {
            if (UNSUPPORTED.contains(name)) {
                throw new TemplateSyntaxException("the filter '" + name + "' is not supported", line);
            }
            return FILTERS.getOrDefault(name, (_, _, _) -> {
                throw new TemplateException("line " + line + ": no filter named '" + name + "'");
            });
        }

        /** The filter that a template names by a value, while it is rendered. */
        static Filter find(String name) {
            Filter filter = FILTERS.get(name);
            if (filter == null) {
                throw new TemplateException("no filter named '" + name + "', or one that is not supported");
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
            return Map.copyOf(filters);
        }
    }
}
