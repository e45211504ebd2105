package dev.conch.chat.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code namespace()} makes: the one value that a template can change. Does not look into itself, so it may hold itself. */
final class Namespace implements Value {
    private final Map<String, Value> attributes = new HashMap<>();

    void set(String name, Value value) {
        attributes.put(name, value);
    }

    @Override
    public String type() {
        return "Namespace";
    }

    @Override
    public boolean truthy() {
        return true;
    }

    @Override
    public void print(TextBuilder out) {
        out.append("<Namespace>");
    }

    @Override
    public @Nullable Value attribute(String name) {
        return attributes.get(name);
    }
}
