package dev.conch.chat.jinja;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A dict, in insertion order. Immutable: the sandbox that templates run in forbids them to change one. Of what a caller passes a template
 * looks at little, so plain values are converted only as they are asked for. Not thread-safe.
 */
final class Dict implements Value {
    /** Plain Java values that are made into values as they are asked for; null if this dict was not made of them. */
    private final @Nullable Map<?, ?> plain;

    private @Nullable Map<Value, Value> entries;
    /** How deeply values are nested; 0 as long as nobody asked. */
    private int depth;
    /** What equality has to look at; 0 as long as nobody asked. */
    private long weight;

    private Dict(@Nullable Map<?, ?> plain, @Nullable Map<Value, Value> entries) {
        this.plain = plain;
        this.entries = entries;
    }

    /** A dict of entries that nobody will change. */
    Dict(Map<Value, Value> entries) {
        this(null, entries);
    }

    /** A dict of plain Java values that nobody will change. */
    static Dict ofPlain(Map<?, ?> plain) {
        return new Dict(plain, null);
    }

    Map<Value, Value> entries() {
        Map<Value, Value> all = entries;
        if (all == null) {
            all = converted(plain == null ? Map.of() : plain);
            entries = all;
        }
        return all;
    }

    private static Map<Value, Value> converted(Map<?, ?> plain) {
        Map<Value, Value> entries = LinkedHashMap.newLinkedHashMap(plain.size());
        plain.forEach((key, value) -> entries.put(Value.of(key), Value.of(value)));
        return entries;
    }

    /** The value of a key; null if there is no such key. */
    @Nullable Value get(Value key) {
        return find(requireHashable(key));
    }

    private @Nullable Value find(Value key) {
        if (entries != null || plain == null) {
            return entries().get(key);
        }
        if (!(key instanceof Text name)) {
            return null;
        }
        Object value = plain.get(name.string());
        if (value == null && !plain.containsKey(name.string())) {
            Object client = new ClientText(name.string());
            return plain.containsKey(client) ? Value.of(plain.get(client)) : null;
        }
        return Value.of(value);
    }

    /** Whether this is the same dict, not only an equal one. */
    @SuppressWarnings("ReferenceEquality") // identity is what is asked for
    boolean isSame(Value other) {
        return this == other || (plain != null && other instanceof Dict that && plain == that.plain);
    }

    static Value requireHashable(Value key) {
        if (key instanceof Dict || (key instanceof Sequence sequence && !sequence.isTuple())) {
            throw TemplateException.type("unhashable type: '" + key.type() + "'");
        }
        return key;
    }

    @Override
    public String type() {
        return "dict";
    }

    @Override
    public boolean truthy() {
        return length() > 0;
    }

    @Override
    public void print(TextBuilder out) {
        out.append("{");
        String separator = "";
        for (Map.Entry<Value, Value> entry : entries().entrySet()) {
            out.append(separator);
            entry.getKey().represent(out);
            out.append(": ");
            entry.getValue().represent(out);
            separator = ", ";
        }
        out.append("}");
    }

    @Override
    public int length() {
        return entries == null && plain != null ? plain.size() : entries().size();
    }

    @Override
    public int depth() {
        if (depth == 0) {
            int deepest = 0;
            for (Value value : entries().values()) {
                deepest = Math.max(deepest, value.depth());
            }
            depth = 1 + deepest;
        }
        return depth;
    }

    @Override
    public long weight() {
        if (weight == 0) {
            weight = Weight.sum(
                    Weight.around(entries().keySet()), Weight.around(entries().values()));
        }
        return weight;
    }

    @Override
    public Iterator<Value> iterate() {
        return entries().keySet().iterator();
    }

    @Override
    public boolean contains(Value needle, Budget budget) {
        budget.steps(needle.weight() - 1);
        return get(needle) != null;
    }

    @Override
    public @Nullable Value attribute(String name) {
        return DictMethods.find(this, name);
    }

    @Override
    public @Nullable Value item(Value key) {
        return key instanceof Dict || key instanceof Sequence ? null : find(key);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Dict that)) {
            return false;
        }
        Weight.require(Weight.ofComparison(this, that));
        return entries().equals(that.entries());
    }

    @Override
    public int hashCode() {
        Weight.require(weight());
        return entries().hashCode();
    }
}
