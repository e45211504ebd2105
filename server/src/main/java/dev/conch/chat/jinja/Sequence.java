package dev.conch.chat.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A list or a tuple. Immutable: the sandbox that templates run in forbids them to change a list. */
final class Sequence implements Value {
    private static final Set<String> UNSAFE =
            Set.of("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");

    private final List<Value> elements;
    private final boolean tuple;
    /** Whether this is a group that the filter {@code groupby} made, which has names for its two elements. */
    private final boolean group;

    /** How deeply values are nested; 0 as long as nobody asked. */
    private int depth;
    /** What equality has to look at; 0 as long as nobody asked. */
    private long weight;

    /** The plain Java list that this one was made of, however often that happens; null if there is none. */
    private final @Nullable List<?> plain;

    private Sequence(List<Value> elements, boolean tuple) {
        this(elements, tuple, false, null);
    }

    private Sequence(List<Value> elements, boolean tuple, boolean group, @Nullable List<?> plain) {
        this.plain = plain;
        this.elements = elements;
        this.tuple = tuple;
        this.group = group;
    }

    /** A list of elements that nobody will change. */
    static Sequence list(List<Value> elements) {
        return new Sequence(elements, false);
    }

    /** A tuple of elements that nobody will change. */
    static Sequence tuple(List<Value> elements) {
        return new Sequence(elements, true);
    }

    /** What elements have in common, and these elements. */
    static Sequence group(Value grouper, Sequence elements) {
        return new Sequence(List.of(grouper, elements), true, true, null);
    }

    /** A list of plain Java values. */
    static Sequence ofPlain(List<?> plain) {
        List<Value> elements = new ArrayList<>(plain.size());
        plain.forEach(element -> elements.add(Value.of(element)));
        return new Sequence(elements, false, false, plain);
    }

    /** {@code list(values)}. */
    static Sequence collect(Iterator<Value> values, Budget budget) {
        List<Value> elements = new ArrayList<>();
        values.forEachRemaining(value -> {
            budget.step();
            elements.add(value);
        });
        return list(elements);
    }

    List<Value> elements() {
        return elements;
    }

    boolean isTuple() {
        return tuple;
    }

    /** Whether this is the same list, not only an equal one. Python has one empty tuple. */
    @SuppressWarnings("ReferenceEquality") // identity is what is asked for
    boolean isSame(Value other) {
        return this == other
                || (other instanceof Sequence that
                        && ((plain != null && plain == that.plain)
                                || (tuple && that.tuple && elements.isEmpty() && that.elements.isEmpty())));
    }

    @Override
    public String type() {
        return tuple ? "tuple" : "list";
    }

    @Override
    public boolean truthy() {
        return !elements.isEmpty();
    }

    @Override
    public void print(TextBuilder out) {
        out.append(tuple ? "(" : "[");
        String separator = "";
        for (Value element : elements) {
            out.append(separator);
            element.represent(out);
            separator = ", ";
        }
        out.append(tuple ? (elements.size() == 1 ? ",)" : ")") : "]");
    }

    @Override
    public int length() {
        return elements.size();
    }

    @Override
    public int depth() {
        if (depth == 0) {
            int deepest = 0;
            for (Value element : elements) {
                deepest = Math.max(deepest, element.depth());
            }
            depth = 1 + deepest;
        }
        return depth;
    }

    @Override
    public long weight() {
        if (weight == 0) {
            weight = Weight.around(elements);
        }
        return weight;
    }

    @Override
    public Iterator<Value> iterate() {
        return elements.iterator();
    }

    @Override
    public @Nullable Value attribute(String name) {
        return switch (name) {
            case "index" -> Function.method(name, (arguments, rendering) -> indexOf(arguments, rendering.budget()));
            case "grouper" -> group ? elements.get(0) : null;
            case "list" -> group ? elements.get(1) : null;
            case "count" ->
                Function.method(name, (arguments, rendering) -> count(arguments.only(name), rendering.budget()));
            case "copy" -> tuple ? null : Function.method(name, (arguments, _) -> arguments.none(name, this));
            default -> !tuple && UNSAFE.contains(name) ? Undefined.unsafe(this, name) : null;
        };
    }

    @Override
    public @Nullable Value item(Value key) {
        int index = index(key, elements.size());
        return index < 0 ? null : elements.get(index);
    }

    /** Where an index points to in something of a known length, from either end; negative: nowhere. */
    static int index(Value key, int length) {
        if (!(key instanceof Int || key instanceof Bool)) {
            return -1;
        }
        int index = key instanceof Int integer ? integer.clamped() : key.truthy() ? 1 : 0;
        int fromStart = index < 0 ? index + length : index;
        return fromStart < length ? fromStart : -1;
    }

    @Override
    public Sequence slice(@Nullable Int start, @Nullable Int stop, @Nullable Int step) {
        Slice slice = Slice.of(start, stop, step, elements.size());
        if (slice.step() == 1) {
            return new Sequence(elements.subList(slice.start(), slice.start() + slice.count()), tuple);
        }
        List<Value> picked = new ArrayList<>(slice.count());
        for (int i = 0; i < slice.count(); i++) {
            picked.add(elements.get(slice.index(i)));
        }
        return new Sequence(picked, tuple);
    }

    private Value indexOf(Arguments arguments, Budget budget) {
        arguments.accept("index", 1, "", "", "");
        Value wanted = arguments.required(0);
        int stop = arguments.integer("index", 2, Int.of(elements.size())).clamped();
        Slice bounds = Slice.of(arguments.integer("index", 1, Int.of(0)), Int.of(stop), null, elements.size());
        for (int i = 0; i < bounds.count(); i++) {
            if (Weight.equal(elements.get(bounds.index(i)), wanted, budget)) {
                return Int.of(bounds.index(i));
            }
        }
        throw TemplateException.value("value is not in " + type());
    }

    private Value count(Value wanted, Budget budget) {
        return Int.of(elements.stream()
                .filter(element -> Weight.equal(wanted, element, budget))
                .count());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Sequence that) || tuple != that.tuple) {
            return false;
        }
        Weight.require(Weight.ofComparison(this, that));
        return elements.equals(that.elements);
    }

    @Override
    public int hashCode() {
        Weight.require(weight());
        return elements.hashCode();
    }
}
