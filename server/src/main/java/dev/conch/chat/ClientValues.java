package dev.conch.chat;

import dev.conch.chat.jinja.ClientText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON of a client as template values: every string in it, keys included, is marked as the client's. */
final class ClientValues {
    private ClientValues() {}

    /** The same plain value, marked. */
    static @Nullable Object marked(@Nullable Object plain) {
        return switch (plain) {
            case String text -> new ClientText(text);
            case List<?> list -> marked(list);
            case Map<?, ?> map -> marked(map);
            case null, default -> plain;
        };
    }

    static List<@Nullable Object> marked(List<?> list) {
        List<@Nullable Object> marked = new ArrayList<>(list.size());
        list.forEach(element -> marked.add(marked(element)));
        return marked;
    }

    private static Map<@Nullable Object, @Nullable Object> marked(Map<?, ?> map) {
        Map<@Nullable Object, @Nullable Object> marked = LinkedHashMap.newLinkedHashMap(map.size());
        map.forEach((key, value) -> marked.put(marked(key), marked(value)));
        return marked;
    }
}
