package dev.conch.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a dict can be asked. */
final class DictMethods {
    private DictMethods() {}

    /** A method of a dict; null if there is none of that name. */
    static @Nullable Function find(Dict dict, String name) {
        return switch (name) {
            case "get" -> Function.method(name, (arguments, _) -> get(dict, arguments));
            case "items" -> Function.method(name, (arguments, _) -> arguments.none(name, items(dict)));
            case "keys" -> Function.method(name, (arguments, _) -> arguments.none(name, keys(dict)));
            case "values" -> Function.method(name, (arguments, _) -> arguments.none(name, values(dict)));
            case "copy" -> Function.method(name, (arguments, _) -> arguments.none(name, dict));
            default -> null;
        };
    }

    /** Key and value of each entry. */
    static Sequence items(Dict dict) {
        List<Value> items = new ArrayList<>(dict.length());
        dict.entries().forEach((key, value) -> items.add(Sequence.tuple(List.of(key, value))));
        return Sequence.list(items);
    }

    private static Value keys(Dict dict) {
        return Sequence.list(List.copyOf(dict.entries().keySet()));
    }

    private static Value values(Dict dict) {
        return Sequence.list(List.copyOf(dict.entries().values()));
    }

    private static Value get(Dict dict, Arguments arguments) {
        arguments.accept("get", 1, "key", "default");
        Value value = dict.get(arguments.required(0));
        return value == null ? arguments.optional(1, None.NONE) : value;
    }
}
