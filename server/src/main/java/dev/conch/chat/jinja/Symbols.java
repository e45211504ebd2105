package dev.conch.chat.jinja;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which variable a name means. Jinja decides that when it compiles a template, not when it runs it, and templates show the difference:
 *
 * <ul>
 *   <li>The bodies of loops, macros, {@code call}, {@code with}, {@code filter}, {@code generation} and block {@code set} are scopes;
 *       {@code if} is none.
 *   <li>A name that a scope sets is a variable of that scope everywhere in it and in the scopes inside it. When the scope is entered, it
 *       begins with the value of the variable of the same name further out, if some scope there sets or reads it; if none does, with
 *       nothing.
 *   <li>But if the name was read before the scope sets it, or is set under an {@code if} only, it begins with what the caller of the
 *       template passed. So in <code>{% for m in messages %}{{ x }}{% endfor %}{% set x = 1 %}</code> the {@code x} that was passed is
 *       never seen: the scope around has set {@code x} before the loop's body is looked at.
 * </ul>
 *
 * (Jinja 3.1, {@code idtracking.py}.) A scope can thus be resolved only when all of the one around it is read. The parser therefore notes
 * down what it meets, scope by scope, and gets {@link Reference}s that are resolved once it is done: to a place in the array of the
 * function they are in or in that of a function around it, or to a variable of the caller.
 */
final class Symbols {
    private final Map<String, Integer> passed = new HashMap<>();
    private final SymbolScope root = new SymbolScope(this, null, new Activation(null));
    private final List<Unknown> unknown = new ArrayList<>();
    private SymbolScope current = root;

    private record Unknown(SymbolScope scope, TemplateSyntaxException error) {}

    /** The scope that is being read. */
    SymbolScope current() {
        return current;
    }

    /** A name that is read. */
    Reference load(String name) {
        return current.load(name);
    }

    /** A name that is set. */
    Reference store(String name) {
        return current.store(name);
    }

    /** Reads something in a scope that runs where it stands. */
    <T> T inside(Function<SymbolScope, T> reader) {
        return inside(current.activation(), reader);
    }

    /** Reads something in a scope of a function. */
    <T> T inside(Activation function, Function<SymbolScope, T> reader) {
        return in(new SymbolScope(this, current, function), reader);
    }

    /** Reads the body of a {@code block}, which sees nothing of the scopes around it but the outermost. */
    <T> T insideBlock(Function<SymbolScope, T> reader) {
        return in(new SymbolScope(this, root, newFunction(root)), reader);
    }

    /** Reads something that is to be read once more, and forgets what names it has. */
    <T> T ahead(Function<SymbolScope, T> reader) {
        return in(new SymbolScope(this, null, current.activation()), reader);
    }

    /** Reads something in a scope that stands beside another one, in the same function. */
    <T> T beside(SymbolScope scope, Function<SymbolScope, T> reader) {
        return in(new SymbolScope(this, scope.outer(), scope.activation()), reader);
    }

    private <T> T in(SymbolScope scope, Function<SymbolScope, T> reader) {
        SymbolScope around = current;
        current = scope;
        T read = reader.apply(scope);
        current = around;
        return read;
    }

    /** The variables of a function that is defined where the reader is and may run many times at once. */
    Activation newFunction() {
        return newFunction(current);
    }

    private static Activation newFunction(SymbolScope definition) {
        return new Activation(definition.activation());
    }

    /** Something unknown is used here. In Jinja that is an error at once, except under a condition, where it may never be reached. */
    void unknown(TemplateSyntaxException error) {
        unknown.add(new Unknown(current, error));
    }

    /** How many unknown things there are so far. */
    int unknowns() {
        return unknown.size();
    }

    /** What this scope has used since a position turns out to be under a condition. */
    void tolerateUnknownsSince(int position) {
        unknown.subList(position, unknown.size()).removeIf(use -> use.scope == current);
    }

    /** The number of a variable of the caller. */
    int passed(String name) {
        return passed.computeIfAbsent(name, _ -> passed.size());
    }

    /** Resolves all references; gives the names of the caller's variables that the template uses, by number. */
    List<String> resolve() {
        if (!unknown.isEmpty()) {
            throw unknown.getFirst().error;
        }
        root.resolve();
        String[] names = new String[passed.size()];
        passed.forEach((name, number) -> names[number] = name);
        return List.of(names);
    }

    SymbolScope root() {
        return root;
    }

    /** How many variables one run of a function has. */
    static final class Activation {
        private final @Nullable Activation outer;
        private int size;

        Activation(@Nullable Activation outer) {
            this.outer = outer;
        }

        int newSlot() {
            return size++;
        }

        /** How many functions further out another one is. */
        int hopsTo(Activation other) {
            int hops = 0;
            for (Activation at = this; at != null && at != other; at = at.outer) {
                hops++;
            }
            return hops;
        }

        /** Begins to run the function. */
        Scope open(Scope around) {
            return new Scope(around.rendering(), around, size);
        }

        /** Begins to run the template. */
        Scope open(Rendering rendering) {
            return new Scope(rendering, null, size);
        }
    }

    /** A variable of a scope, and what it begins with: the caller's variable of a number, or another variable, or nothing. */
    static final class Symbol {
        static final int NOT_PASSED = -1;

        final Activation activation;
        int slot = -1;
        int passed = NOT_PASSED;

        @Nullable Symbol alias;

        Symbol(Activation activation) {
            this.activation = activation;
        }
    }

    /** What a template is searched for while it is read: whether special names are used in a body. */
    static final class Mentions {
        private final Set<String> wanted;
        private final List<String> hidden = new ArrayList<>();
        private final List<String> found = new ArrayList<>();

        Mentions(Set<String> wanted) {
            this.wanted = wanted;
        }

        void load(String name) {
            if (wanted.contains(name) && !hidden.contains(name)) {
                found.add(name);
            }
        }

        /** From where a body sets such a name itself, it is an ordinary one. */
        void store(String name) {
            if (wanted.contains(name)) {
                hidden.add(name);
            }
        }

        boolean contains(String name) {
            return found.contains(name);
        }

        boolean isStored(String name) {
            return hidden.contains(name);
        }

        /** From here on, anew. */
        void forget() {
            found.clear();
            hidden.clear();
        }
    }
}
