package dev.conch.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The functions that every template can call: Jinja's own, and those that {@code transformers} adds. */
final class Globals {
    private static final int MAX_RANGE = 100_000;

    /** By name. */
    static final Map<String, Value> ALL = Map.of(
            "dict", Function.global("dict", (arguments, _) -> dict(arguments)),
            "namespace", Function.global("namespace", (arguments, _) -> namespace(arguments)),
            "raise_exception", Function.global("raise_exception", Globals::raise),
            "range", Function.global("range", Globals::range),
            "strftime_now", Function.global("strftime_now", Globals::now));

    private Globals() {}

    private static Value raise(Arguments arguments, Rendering rendering) {
        throw new TemplateRefusedException(
                arguments.only("raise_exception").text(rendering.budget()).string());
    }

    private static Value now(Arguments arguments, Rendering rendering) {
        String format =
                Arguments.asText("strftime_now", arguments.only("strftime_now")).string();
        return Text.of(Strftime.format(format, rendering.clock()));
    }

    private static Value namespace(Arguments arguments) {
        Namespace namespace = new Namespace();
        entries(arguments)
                .forEach((name, value) ->
                        namespace.set(Arguments.asText("namespace", name).string(), value));
        return namespace;
    }

    private static Value dict(Arguments arguments) {
        return new Dict(entries(arguments));
    }

    /** The entries of a dict, if one is passed, and the named arguments. */
    private static Map<Value, Value> entries(Arguments arguments) {
        Map<Value, Value> entries = new LinkedHashMap<>();
        for (Value argument : arguments.from(0)) {
            if (!(argument instanceof Dict dict) || arguments.count() > 1) {
                throw TemplateException.type("dict: expected at most one dict");
            }
            entries.putAll(dict.entries());
        }
        arguments.named().forEach((name, value) -> entries.put(Text.of(name), value));
        return entries;
    }

    private static Value range(Arguments arguments, Rendering rendering) {
        if (arguments.count() == 0
                || arguments.count() > 3
                || !arguments.named().isEmpty()) {
            throw TemplateException.type("range expected 1 to 3 positional arguments");
        }
        List<Value> bounds = arguments.from(0);
        int start = bounds.size() == 1 ? 0 : bound(bounds.get(0));
        int stop = bound(bounds.get(bounds.size() == 1 ? 0 : 1));
        int step = bounds.size() == 3 ? bound(bounds.get(2)) : 1;
        if (step == 0) {
            throw TemplateException.value("range() arg 3 must not be zero");
        }
        List<Value> numbers = new ArrayList<>();
        for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
            if (numbers.size() == MAX_RANGE) {
                throw new TemplateLimitException("numbers in a range", MAX_RANGE);
            }
            rendering.budget().step();
            numbers.add(Int.of(i));
        }
        return Sequence.list(numbers);
    }

    private static int bound(Value bound) {
        return Arguments.asInteger("range", bound).clamped();
    }
}
