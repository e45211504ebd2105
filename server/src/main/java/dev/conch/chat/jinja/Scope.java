package dev.conch.chat.jinja;

import org.jspecify.annotations.Nullable;

/** Variables by number. A name that is not set here is looked for further out; setting never reaches further out. */
final class Scope {
    private final Rendering rendering;
    private final @Nullable Scope outer;
    private final int capacity;
    private @Nullable Value @Nullable [] values;

    private Scope(Rendering rendering, @Nullable Scope outer, int capacity) {
        this.rendering = rendering;
        this.outer = outer;
        this.capacity = capacity;
    }

    /** The outermost scope of a template with this many names. */
    static Scope outermost(Rendering rendering, int names) {
        return new Scope(rendering, null, names);
    }

    Scope inner() {
        return new Scope(rendering, this, capacity);
    }

    Rendering rendering() {
        return rendering;
    }

    Budget budget() {
        return rendering.budget();
    }

    /** The value of a variable; null if no scope has it. */
    @Nullable Value get(int name) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            Value value = scope.values == null ? null : scope.values[name];
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    void set(int name, Value value) {
        if (values == null) {
            values = new Value[capacity];
        }
        values[name] = value;
    }
}
