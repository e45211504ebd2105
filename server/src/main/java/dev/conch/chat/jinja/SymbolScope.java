package dev.conch.chat.jinja;

import dev.conch.chat.jinja.Symbols.Activation;
import dev.conch.chat.jinja.Symbols.Mentions;
import dev.conch.chat.jinja.Symbols.Symbol;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names of one scope of a template; see {@link Symbols}. At run time it is entered, which sets its variables to their beginnings. */
final class SymbolScope {
    private final Symbols symbols;
    private final @Nullable SymbolScope outer;
    private final Activation activation;
    private final Mentions mentions = new Mentions(Set.of("loop", "caller", "kwargs", "varargs"));

    private final List<Runnable> notes = new ArrayList<>();
    private final List<SymbolScope> inner = new ArrayList<>();
    private final Map<String, Symbol> known = new HashMap<>();
    private final Set<String> stored = new HashSet<>();
    private final Deque<Set<String>> storedBeforeBranches = new ArrayDeque<>();
    private Symbol[] beginnings = new Symbol[0];

    SymbolScope(Symbols symbols, @Nullable SymbolScope outer, Activation activation) {
        this.symbols = symbols;
        this.outer = outer;
        this.activation = activation;
        if (outer != null) {
            outer.inner.add(this);
        }
    }

    @Nullable SymbolScope outer() {
        return outer;
    }

    Activation activation() {
        return activation;
    }

    /** Special names that are read here or further in. */
    Mentions mentions() {
        return mentions;
    }

    Reference load(String name) {
        for (SymbolScope scope = this; scope != null; scope = scope.outer) {
            scope.mentions.load(name);
        }
        return note(name, () -> {
            if (find(name) == null) {
                define(name).passed = symbols.passed(name);
            }
        });
    }

    Reference store(String name) {
        mentionStore(name);
        return note(name, () -> {
            stored.add(name);
            if (!known.containsKey(name)) {
                Symbol further = outer == null ? null : outer.find(name);
                define(name).alias = further;
            }
        });
    }

    private void mentionStore(String name) {
        for (SymbolScope scope = this; scope != null; scope = scope.outer) {
            scope.mentions.store(name);
        }
    }

    /** A name that is set from outside whenever the scope is entered. */
    Reference parameter(String name) {
        mentionStore(name);
        return implicit(name);
    }

    /** The same for a name that is not written there. */
    Reference implicit(String name) {
        return note(name, () -> {
            stored.add(name);
            define(name);
        });
    }

    /** The same, but only if the scope turns out to read it and has nothing of that name yet. */
    Reference parameterIfMentioned(String name) {
        return note(name, () -> {
            if (mentions.contains(name) && !known.containsKey(name)) {
                stored.add(name);
                define(name);
            }
        });
    }

    private Reference note(String name, Runnable analysis) {
        Reference reference = new Reference(activation);
        notes.add(() -> {
            analysis.run();
            reference.means(find(name));
        });
        return reference;
    }

    /** What comes next is under a condition. */
    void beginBranches() {
        notes.add(() -> storedBeforeBranches.push(new HashSet<>(stored)));
    }

    /** What is set under a condition only may keep what it began with. */
    void endBranches() {
        notes.add(() -> {
            Set<String> before = storedBeforeBranches.pop();
            stored.stream().filter(name -> !before.contains(name)).forEach(this::beginsFurtherOut);
        });
    }

    private void beginsFurtherOut(String name) {
        Symbol symbol = known.get(name);
        Symbol further = outer == null ? null : outer.find(name);
        if (symbol != null && further != null) {
            symbol.alias = further;
        } else if (symbol != null) {
            symbol.passed = symbols.passed(name);
        }
    }

    private @Nullable Symbol find(String name) {
        Symbol symbol = known.get(name);
        return symbol != null || outer == null ? symbol : outer.find(name);
    }

    private Symbol define(String name) {
        Symbol symbol = new Symbol(activation);
        known.put(name, symbol);
        return symbol;
    }

    /** Resolves the names of this scope, then those of the scopes in it. */
    void resolve() {
        notes.forEach(Runnable::run);
        List<Symbol> begin = new ArrayList<>();
        for (String name : stored) {
            Symbol symbol = known.get(name);
            if (symbol != null) {
                symbol.slot = activation.newSlot();
                begin.add(symbol);
            }
        }
        beginnings = begin.toArray(Symbol[]::new);
        inner.forEach(SymbolScope::resolve);
    }

    /** Sets the variables of this scope to what they begin with. */
    void enter(Scope scope) {
        for (Symbol symbol : beginnings) {
            scope.set(symbol.slot, beginning(symbol, scope));
        }
    }

    private @Nullable Value beginning(Symbol symbol, Scope scope) {
        Symbol alias = symbol.alias;
        if (alias == null) {
            return symbol.passed < 0 ? null : scope.rendering().passed(symbol.passed);
        }
        return Reference.read(alias, activation.hopsTo(alias.activation), scope);
    }
}
