package dev.conch.chat.jinja;

import org.jspecify.annotations.Nullable;

/** The variables of one run of a function: of the template itself, of a macro, of a recursive loop. {@link Symbols} says which is where. */
final class Scope {
    private final Rendering rendering;
    private final @Nullable Scope outer;
    private final @Nullable Value[] values;

    Scope(Rendering rendering, @Nullable Scope outer, int size) {
        this.rendering = rendering;
        this.outer = outer;
        values = new Value[size];
    }

    Rendering rendering() {
        return rendering;
    }

    Budget budget() {
        return rendering.budget();
    }

    /** The variables of the function in which this one was defined, and so on outwards. */
    Scope around(int hops) {
        Scope scope = this;
        for (int i = 0; i < hops && scope.outer != null; i++) {
            scope = scope.outer;
        }
        return scope;
    }

    /** The variables of the template itself. */
    Scope outermost() {
        Scope scope = this;
        while (scope.outer != null) {
            scope = scope.outer;
        }
        return scope;
    }

    @Nullable Value get(int slot) {
        return values[slot];
    }

    void set(int slot, @Nullable Value value) {
        values[slot] = value;
    }
}
