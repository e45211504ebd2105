package dev.conch.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Filters that go through the elements of a value. */
final class ElementFilters {
    private ElementFilters() {}

    static void register(Map<String, Filter> filters) {
        filters.put("dictsort", ElementFilters::dictsort);
        filters.put("groupby", ElementFilters::groupBy);
        filters.put("first", (input, arguments, _) -> arguments.none("first", first(input.iterate(), "first")));
        filters.put("items", (input, arguments, _) -> arguments.none("items", items(input)));
        filters.put("join", ElementFilters::join);
        filters.put(
                "last",
                (input, arguments, rendering) -> arguments.none(
                        "last", first(reversed(input, rendering.budget()).iterator(), "last")));
        filters.put(
                "list",
                (input, arguments, rendering) ->
                        arguments.none("list", Sequence.collect(input.iterate(), rendering.budget())));
        filters.put("map", ElementFilters::map);
        filters.put("max", (input, arguments, rendering) -> extreme(input, arguments, rendering, 1));
        filters.put("min", (input, arguments, rendering) -> extreme(input, arguments, rendering, -1));
        filters.put(
                "reject",
                (input, arguments, rendering) -> select(input, false, () -> test(arguments, 0, rendering.budget())));
        filters.put(
                "rejectattr",
                (input, arguments, rendering) ->
                        select(input, false, () -> attributeTest(arguments, rendering.budget())));
        filters.put("reverse", ElementFilters::reverse);
        filters.put(
                "select",
                (input, arguments, rendering) -> select(input, true, () -> test(arguments, 0, rendering.budget())));
        filters.put(
                "selectattr",
                (input, arguments, rendering) ->
                        select(input, true, () -> attributeTest(arguments, rendering.budget())));
        filters.put("sort", ElementFilters::sort);
        filters.put("sum", ElementFilters::sum);
        filters.put("unique", ElementFilters::unique);
    }

    private static Value first(Iterator<Value> elements, String which) {
        return elements.hasNext() ? elements.next() : Undefined.because("No " + which + " item, sequence was empty.");
    }

    private static Value items(Value input) {
        return Generator.lazy(() -> switch (input) {
            case Dict dict -> new DictView(DictView.Kind.ITEMS, dict).iterate();
            case Undefined _ -> Collections.emptyIterator();
            default -> throw TemplateException.type("Can only get item pairs from a mapping.");
        });
    }

    private static Value join(Value input, Arguments arguments, Rendering rendering) {
        arguments.accept("join", 0, "d", "attribute");
        Text separator = arguments.optional(0, Text.EMPTY).text(rendering.budget());
        UnaryOperator<Value> attribute = attribute(arguments.optional(1, None.NONE), null);
        TextBuilder out = new TextBuilder(rendering.budget());
        Iterator<Value> elements = input.iterate();
        for (boolean first = true; elements.hasNext(); first = false) {
            out.append(first ? Text.EMPTY : separator);
            attribute.apply(elements.next()).print(out);
            rendering.budget().step();
        }
        return out.toText();
    }

    private static Value reverse(Value input, Arguments arguments, Rendering rendering) {
        arguments.accept("reverse", 0);
        return input instanceof Text text
                ? text.slice(null, null, Int.of(-1))
                : new Generator(reversed(input, rendering.budget()).iterator());
    }

    private static List<Value> reversed(Value input, Budget budget) {
        if (input instanceof Generator) {
            throw TemplateException.type("'generator' object is not reversible");
        }
        return Sequence.collect(input.iterate(), budget).elements().reversed();
    }

    private static Value map(Value input, Arguments arguments, Rendering rendering) {
        return Generator.lazy(() -> {
            if (!input.truthy()) {
                return Collections.emptyIterator();
            }
            UnaryOperator<Value> function = arguments.count() == 0 && arguments.named("attribute") != null
                    ? attributeMapping(arguments)
                    : filterMapping(arguments, rendering);
            return lazily(input.iterate(), function);
        });
    }

    private static UnaryOperator<Value> attributeMapping(Arguments arguments) {
        for (Text name : arguments.named().keySet()) {
            if (!name.string().equals("attribute") && !name.string().equals("default")) {
                throw TemplateException.type("Unexpected keyword argument '" + name + "'");
            }
        }
        Value attribute = arguments.named("attribute");
        return attribute(attribute == null ? None.NONE : attribute, arguments.named("default"));
    }

    private static UnaryOperator<Value> filterMapping(Arguments arguments, Rendering rendering) {
        if (arguments.count() == 0) {
            throw new TemplateException("map requires a filter argument");
        }
        Filter filter =
                Filter.Registry.find(Arguments.asText("map", arguments.at(0)).string());
        return element -> filter.apply(element, new Arguments(arguments.from(1), arguments.named()), rendering);
    }

    private static Iterator<Value> lazily(Iterator<Value> elements, UnaryOperator<Value> function) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return elements.hasNext();
            }

            @Override
            public Value next() {
                return function.apply(elements.next());
            }
        };
    }

    /** Whether an element is to be kept. */
    private interface Condition {
        boolean holds(Value element);
    }

    private static Value select(Value input, boolean wanted, Supplier<Condition> conditions) {
        return Generator.lazy(() -> {
            if (!input.truthy()) {
                return Collections.emptyIterator();
            }
            Condition condition = conditions.get();
            return Generator.selected(input.iterate(), element -> condition.holds(element) == wanted);
        });
    }

    /** The test that is named by the argument at a position and takes those after it; truth if there is none. */
    private static Condition test(Arguments arguments, int position, Budget budget) {
        if (arguments.count() <= position) {
            return Value::truthy;
        }
        ValueTest test = ValueTest.Registry.find(
                Arguments.asText("select", arguments.at(position)).string());
        Arguments rest = new Arguments(arguments.from(position + 1), arguments.named());
        return element -> test.holds(element, rest, budget);
    }

    private static Condition attributeTest(Arguments arguments, Budget budget) {
        if (arguments.count() == 0) {
            throw new TemplateException("Missing parameter for attribute name");
        }
        UnaryOperator<Value> attribute = attribute(arguments.at(0), null);
        Condition test = test(arguments, 1, budget);
        return element -> test.holds(attribute.apply(element));
    }

    /**
     * Goes from an element to one of its attributes, given as a path like {@code function.name}.
     *
     * @param path {@code None}: the element itself
     * @param fallback what is taken instead of an attribute that is not there
     */
    private static UnaryOperator<Value> attribute(Value path, @Nullable Value fallback) {
        if (path == None.NONE) {
            return UnaryOperator.identity();
        }
        List<Value> steps = path instanceof Text text ? path(text.string()) : List.of(path);
        return element -> {
            Value value = element;
            for (Value step : steps) {
                value = value.element(step);
                if (value instanceof Undefined && fallback != null) {
                    value = fallback;
                }
            }
            return value;
        };
    }

    private static List<Value> path(String path) {
        List<Value> steps = new ArrayList<>();
        for (String step : path.split("\\.", -1)) {
            boolean index =
                    !step.isEmpty() && step.length() < 10 && step.chars().allMatch(Character::isDigit);
            steps.add(index ? Int.of(Long.parseLong(step)) : Text.of(step));
        }
        return steps;
    }

    /** What elements are ordered or told apart by: texts without regard to case, unless that is asked for. */
    private static UnaryOperator<Value> sortKey(Value attribute, Value caseSensitive, Budget budget) {
        UnaryOperator<Value> key = attribute(attribute, null);
        return caseSensitive.truthy() ? key : element -> ignoringCase(key.apply(element), budget);
    }

    private static Value ignoringCase(Value value, Budget budget) {
        budget.steps(
                value instanceof Text text ? Weight.ofCharacters(text.string().length()) : 0);
        return value instanceof Text text ? TextFilters.lower(text) : value;
    }

    private static Value sort(Value input, Arguments arguments, Rendering rendering) {
        arguments.accept("sort", 0, "reverse", "case_sensitive", "attribute");
        Budget budget = rendering.budget();
        UnaryOperator<Value> key =
                sortKeys(arguments.optional(2, None.NONE), arguments.optional(1, Bool.FALSE), budget);
        List<Value> sorted = new ArrayList<>(
                Sequence.collect(input.iterate(), rendering.budget()).elements());
        sort(sorted, key, arguments.optional(0, Bool.FALSE), budget);
        return Sequence.list(sorted);
    }

    /** What elements are ordered by: the list of some attributes, which are given with commas between them. */
    private static UnaryOperator<Value> sortKeys(Value attributes, Value caseSensitive, Budget budget) {
        List<UnaryOperator<Value>> keys = new ArrayList<>();
        if (attributes instanceof Text names) {
            for (Value name : TextSplits.splitAt(names, ",", -1, budget)) {
                keys.add(sortKey(name, caseSensitive, budget));
            }
        } else {
            keys.add(sortKey(attributes, caseSensitive, budget));
        }
        return element -> {
            List<Value> values = new ArrayList<>(keys.size());
            keys.forEach(key -> values.add(key.apply(element)));
            return Sequence.list(values);
        };
    }

    private static Value groupBy(Value input, Arguments arguments, Rendering rendering) {
        arguments.accept("groupby", 1, "attribute", "default", "case_sensitive");
        Value fallback = arguments.optional(1, None.NONE);
        UnaryOperator<Value> attribute = attribute(arguments.required(0), fallback == None.NONE ? null : fallback);
        boolean caseSensitive = arguments.optional(2, Bool.FALSE).truthy();
        Budget budget = rendering.budget();
        UnaryOperator<Value> key =
                caseSensitive ? attribute : element -> ignoringCase(attribute.apply(element), budget);
        List<Value> sorted = new ArrayList<>(
                Sequence.collect(input.iterate(), rendering.budget()).elements());
        sort(sorted, key, Bool.FALSE, budget);
        List<Value> groups = new ArrayList<>();
        List<Value> group = new ArrayList<>();
        for (Value element : sorted) {
            if (!group.isEmpty() && !Weight.equal(key.apply(group.getFirst()), key.apply(element), budget)) {
                groups.add(Sequence.group(attribute.apply(group.getFirst()), Sequence.list(group)));
                group = new ArrayList<>();
            }
            group.add(element);
        }
        if (!group.isEmpty()) {
            groups.add(Sequence.group(attribute.apply(group.getFirst()), Sequence.list(group)));
        }
        return Sequence.list(groups);
    }

    private static void sort(List<Value> values, UnaryOperator<Value> key, Value reverse, Budget budget) {
        Comparator<Value> order = (left, right) -> ComparisonOperator.order(key.apply(left), key.apply(right), budget);
        values.sort(reverse.truthy() ? order.reversed() : order);
    }

    private static Value dictsort(Value input, Arguments arguments, Rendering rendering) {
        arguments.accept("dictsort", 0, "case_sensitive", "by", "reverse");
        if (!(input instanceof Dict dict)) {
            throw TemplateException.type("dictsort: expected dict, not '" + input.type() + "'");
        }
        int position = switch (arguments.text("dictsort", 1, Text.of("key")).string()) {
            case "key" -> 0;
            case "value" -> 1;
            default -> throw new TemplateException("You can only sort by either \"key\" or \"value\"");
        };
        List<Value> items = new ArrayList<>();
        Budget budget = rendering.budget();
        budget.steps(dict.length());
        new DictView(DictView.Kind.ITEMS, dict).iterate().forEachRemaining(items::add);
        UnaryOperator<Value> key = sortKey(Int.of(position), arguments.optional(0, Bool.FALSE), budget);
        sort(items, key, arguments.optional(2, Bool.FALSE), budget);
        return Sequence.list(items);
    }

    private static Value extreme(Value input, Arguments arguments, Rendering rendering, int sign) {
        arguments.accept("min", 0, "case_sensitive", "attribute");
        Budget budget = rendering.budget();
        UnaryOperator<Value> key = sortKey(arguments.optional(1, None.NONE), arguments.optional(0, Bool.FALSE), budget);
        Value best = null;
        for (Iterator<Value> elements = input.iterate(); elements.hasNext(); ) {
            rendering.budget().step();
            Value element = elements.next();
            if (best == null || sign * ComparisonOperator.order(key.apply(element), key.apply(best), budget) > 0) {
                best = element;
            }
        }
        return best == null ? Undefined.because("No aggregated item, sequence was empty.") : best;
    }

    private static Value sum(Value input, Arguments arguments, Rendering rendering) {
        arguments.accept("sum", 0, "attribute", "start");
        UnaryOperator<Value> attribute = attribute(arguments.optional(0, None.NONE), null);
        Value sum = arguments.optional(1, Int.of(0));
        if (sum instanceof Text) {
            throw TemplateException.type("sum() can't sum strings [use ''.join(seq) instead]");
        }
        for (Iterator<Value> elements = input.iterate(); elements.hasNext(); ) {
            rendering.budget().step();
            sum = BinaryOperator.ADD.apply(sum, attribute.apply(elements.next()), rendering.budget());
        }
        return sum;
    }

    private static Value unique(Value input, Arguments arguments, Rendering rendering) {
        arguments.accept("unique", 0, "case_sensitive", "attribute");
        Budget budget = rendering.budget();
        UnaryOperator<Value> key = sortKey(arguments.optional(1, None.NONE), arguments.optional(0, Bool.FALSE), budget);
        Set<Value> seen = new HashSet<>();
        return new Generator(Generator.selected(input.iterate(), element -> {
            Value told = Dict.requireHashable(key.apply(element));
            budget.steps(told.weight());
            return seen.add(told);
        }));
    }
}
