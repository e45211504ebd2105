package dev.conch.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a call. Whoever is called says once, with {@link #accept}, which parameters there are; from then on arguments are found
 * by the position of their parameter, however they were passed.
 */
final class Arguments {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    private final Map<Text, Value> named;
    private List<@Nullable Value> positional;

    Arguments(List<Value> positional, Map<Text, Value> named) {
        this.positional = Collections.unmodifiableList(positional);
        this.named = named;
    }

    int count() {
        return positional.size();
    }

    /** The named arguments. A client may have written a name: {@code f(**arguments)}. */
    Map<Text, Value> named() {
        return named;
    }

    /** A named argument; null if there is none of that name. */
    @Nullable Value named(String name) {
        return named.isEmpty() ? null : named.get(Text.of(name));
    }

    /** A positional argument that is there. */
    Value at(int position) {
        Value value = position < positional.size() ? positional.get(position) : null;
        if (value == null) {
            throw TemplateException.type("missing argument " + position);
        }
        return value;
    }

    /** Positional arguments from a position on. */
    List<Value> from(int position) {
        List<Value> rest = new ArrayList<>();
        for (int i = position; i < count(); i++) {
            rest.add(at(i));
        }
        return rest;
    }

    /**
     * Binds the arguments to parameters.
     *
     * @param callee for error messages
     * @param required how many of the parameters must be given
     */
    Arguments accept(String callee, int required, String... parameters) {
        if (positional.size() > parameters.length) {
            throw TemplateException.type(
                    callee + "() takes " + parameters.length + " arguments but " + positional.size() + " were given");
        }
        if (named.isEmpty() && positional.size() >= required) {
            return this;
        }
        List<@Nullable Value> bound = new ArrayList<>(positional);
        int used = 0;
        for (int i = positional.size(); i < parameters.length; i++) {
            Value value = named(parameters[i]);
            used += value == null ? 0 : 1;
            if (value == null && i < required) {
                throw TemplateException.type(callee + "() missing required argument: '" + parameters[i] + "'");
            }
            bound.add(value);
        }
        if (used < named.size()) {
            throw TemplateException.type(callee + "() got an unexpected keyword argument, one of " + named.keySet());
        }
        positional = bound;
        return this;
    }

    /** An argument that {@link #accept} has found to be there. */
    Value required(int parameter) {
        return at(parameter);
    }

    Value optional(int parameter, Value fallback) {
        Value value = parameter < positional.size() ? positional.get(parameter) : null;
        return value == null ? fallback : value;
    }

    /** Takes no arguments, and passes a result through. */
    Value none(String callee, Value result) {
        accept(callee, 0);
        return result;
    }

    /** The only argument. */
    Value only(String callee) {
        return accept(callee, 1, "value").at(0);
    }

    Text text(String callee, int parameter) {
        return asText(callee, at(parameter));
    }

    Text text(String callee, int parameter, Text fallback) {
        return asText(callee, optional(parameter, fallback));
    }

    Int integer(String callee, int parameter, Int fallback) {
        return asInteger(callee, optional(parameter, fallback));
    }

    static Text asText(String callee, Value value) {
        if (value instanceof Text text) {
            return text;
        }
        throw value instanceof Undefined undefined
                ? undefined.failure()
                : TemplateException.type(callee + ": expected str, not '" + value.type() + "'");
    }

    static Int asInteger(String callee, Value value) {
        return switch (value) {
            case Int integer -> integer;
            case Bool bool -> Int.of(bool.whole());
            case Undefined undefined -> throw undefined.failure();
            default ->
                throw TemplateException.type(
                        callee + ": '" + value.type() + "' object cannot be interpreted as an integer");
        };
    }
}
