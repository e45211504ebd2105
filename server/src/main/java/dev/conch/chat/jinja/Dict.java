package dev.conch.chat.jinja;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A dict, in insertion order. Immutable: the sandbox that templates run in forbids them to change one. */
final class Dict implements Value {
    private static final Set<String> UNSAFE = Set.of("clear", "pop", "popitem", "setdefault", "update");

    private final Map<Value, Value> entries;
    private final int depth;

    /** A dict of entries that nobody will change. */
    Dict(Map<Value, Value> entries) {
        this.entries = entries;
        int deepest = 0;
        for (Value value : entries.values()) {
            deepest = Math.max(deepest, value.depth());
        }
        depth = 1 + deepest;
    }

    /** A dict of plain Java values. */
    static Dict ofPlain(Map<?, ?> plain) {
        Map<Value, Value> entries = LinkedHashMap.newLinkedHashMap(plain.size());
        plain.forEach((key, value) -> entries.put(Value.of(key), Value.of(value)));
        return new Dict(entries);
    }

    Map<Value, Value> entries() {
        return entries;
    }

    /** The value of a key; null if there is no such key. */
    @Nullable Value get(Value key) {
        return entries.get(requireHashable(key));
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
        return !entries.isEmpty();
    }

    @Override
    public void print(TextBuilder out) {
        out.append("{");
        String separator = "";
        for (Map.Entry<Value, Value> entry : entries.entrySet()) {
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
        return entries.size();
    }

    @Override
    public int depth() {
        return depth;
    }

    @Override
    public Iterator<Value> iterate() {
        return entries.keySet().iterator();
    }

    @Override
    public boolean contains(Value needle) {
        return entries.containsKey(requireHashable(needle));
    }

    @Override
    public @Nullable Value attribute(String name) {
        return UNSAFE.contains(name) ? Undefined.unsafe(this, name) : DictMethods.find(this, name);
    }

    @Override
    public @Nullable Value item(Value key) {
        return key instanceof Dict || key instanceof Sequence ? null : entries.get(key);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Dict that && entries.equals(that.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }
}
