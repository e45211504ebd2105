package dev.conch.chat.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The functions that every template can call: Jinja's own, and those that {@code transformers} adds. */
final class Globals {
    /** By name. */
    static final Map<String, Value> ALL = Map.of(
            "cycler", Function.global("cycler", (arguments, _) -> Cycler.of(arguments)),
            "dict", Function.dict((arguments, _) -> dict(arguments)),
            "joiner", Function.global("joiner", (arguments, _) -> Cycler.joiner(arguments)),
            "lipsum",
                    Function.global("lipsum", (_, _) -> {
                        throw new TemplateException("the function 'lipsum' is not supported");
                    }),
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
        Text format = Arguments.asText("strftime_now", arguments.only("strftime_now"));
        return format.derive(Strftime.format(format.string(), rendering.clock()));
    }

    private static Value namespace(Arguments arguments) {
        Namespace namespace = new Namespace();
        entries(arguments).forEach(namespace::set);
        return namespace;
    }

    private static Value dict(Arguments arguments) {
        return new Dict(entries(arguments));
    }

    /** The entries of a dict or the pairs of a list, if one is passed, and the named arguments. */
    private static Map<Value, Value> entries(Arguments arguments) {
        Map<Value, Value> entries = new LinkedHashMap<>();
        if (arguments.count() > 1) {
            throw TemplateException.type("dict expected at most 1 argument, got " + arguments.count());
        }
        if (arguments.count() == 1) {
            putAll(arguments.at(0), entries);
        }
        entries.putAll(arguments.named());
        return entries;
    }

    private static void putAll(Value source, Map<Value, Value> entries) {
        if (source instanceof Dict dict) {
            entries.putAll(dict.entries());
            return;
        }
        for (Iterator<Value> pairs = source.iterate(); pairs.hasNext(); ) {
            List<Value> pair = new ArrayList<>();
            pairs.next().iterate().forEachRemaining(pair::add);
            if (pair.size() != 2) {
                throw TemplateException.value("dictionary update sequence element has length " + pair.size());
            }
            entries.put(Dict.requireHashable(pair.get(0)), pair.get(1));
        }
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
        return Range.of(start, stop, bounds.size() == 3 ? bound(bounds.get(2)) : 1);
    }

    private static int bound(Value bound) {
        return Arguments.asInteger("range", bound).clamped();
    }
}
