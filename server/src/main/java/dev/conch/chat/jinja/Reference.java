package dev.conch.chat.jinja;

import dev.conch.chat.jinja.Symbols.Activation;
import dev.conch.chat.jinja.Symbols.Symbol;
import org.jspecify.annotations.Nullable;

/** A place in a template that names a variable. Resolved once, when all of the template is read, and never changed after that. */
final class Reference {
    private final Activation from;
    private @Nullable Symbol symbol;
    private int hops;

    Reference(Activation from) {
        this.from = from;
    }

    void means(@Nullable Symbol meaning) {
        symbol = meaning;
        hops = meaning == null ? 0 : from.hopsTo(meaning.activation);
    }

    /** The variable's value; null if it has none. */
    @Nullable Value read(Scope scope) {
        Symbol meaning = symbol;
        return meaning == null ? null : read(meaning, hops, scope);
    }

    static @Nullable Value read(Symbol symbol, int hops, Scope scope) {
        return symbol.slot < 0
                ? scope.rendering().passed(symbol.passed)
                : scope.around(hops).get(symbol.slot);
    }

    /** Sets the variable, which is one of the function that runs. */
    void write(Scope scope, @Nullable Value value) {
        if (symbol != null) {
            scope.set(symbol.slot, value);
        }
    }
}
