package dev.conch.chat.jinja;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a dict can be asked. */
final class DictMethods {
    private DictMethods() {}

    /** A method of a dict; null if there is none of that name. */
    static @Nullable Value find(Dict dict, String name) {
        return switch (name) {
            case "get" -> Function.method(name, (arguments, _) -> get(dict, arguments));
            case "items" -> view(name, DictView.Kind.ITEMS, dict);
            case "keys" -> view(name, DictView.Kind.KEYS, dict);
            case "values" -> view(name, DictView.Kind.VALUES, dict);
            case "copy" -> Function.method(name, (arguments, _) -> arguments.none(name, dict));
            case "clear", "pop", "popitem", "setdefault", "update" -> Undefined.unsafe(dict, name);
            case "fromkeys" -> Function.method(name, (arguments, _) -> fromKeys(arguments));
            default -> null;
        };
    }

    private static Function view(String name, DictView.Kind kind, Dict dict) {
        return Function.method(name, (arguments, _) -> arguments.none(name, new DictView(kind, dict)));
    }

    private static Value get(Dict dict, Arguments arguments) {
        arguments.accept("get", 1, "", "");
        Value value = dict.get(arguments.required(0));
        return value == null ? arguments.optional(1, None.NONE) : value;
    }

    /** {@code dict.fromkeys(keys, value)}. */
    static Value fromKeys(Arguments arguments) {
        arguments.accept("fromkeys", 1, "iterable", "value");
        Value value = arguments.optional(1, None.NONE);
        Map<Value, Value> entries = new LinkedHashMap<>();
        arguments.required(0).iterate().forEachRemaining(key -> entries.put(Dict.requireHashable(key), value));
        return new Dict(entries);
    }
}
