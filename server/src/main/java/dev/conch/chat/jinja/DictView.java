package dev.conch.chat.jinja;

import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@code dict.keys()}, {@code dict.values()} and {@code dict.items()} give: to be iterated over, but not indexed. */
final class DictView implements Value {
    private final Kind kind;
    private final Dict dict;

    DictView(Kind kind, Dict dict) {
        this.kind = kind;
        this.dict = dict;
    }

    /** What is seen of each entry. */
    enum Kind {
        KEYS("dict_keys"),
        VALUES("dict_values"),
        ITEMS("dict_items");

        private final String type;

        Kind(String type) {
            this.type = type;
        }
    }

    @Override
    public String type() {
        return kind.type;
    }

    @Override
    public boolean truthy() {
        return dict.truthy();
    }

    @Override
    public int length() {
        return dict.length();
    }

    @Override
    public int depth() {
        return dict.depth() + 1;
    }

    @Override
    public long weight() {
        return dict.weight();
    }

    @Override
    public Iterator<Value> iterate() {
        return switch (kind) {
            case KEYS -> dict.iterate();
            case VALUES -> dict.entries().values().iterator();
            case ITEMS -> items();
        };
    }

    private Iterator<Value> items() {
        Iterator<Map.Entry<Value, Value>> entries = dict.entries().entrySet().iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return entries.hasNext();
            }

            @Override
            public Value next() {
                Map.Entry<Value, Value> entry = entries.next();
                return Sequence.tuple(List.of(entry.getKey(), entry.getValue()));
            }
        };
    }

    @Override
    public void print(TextBuilder out) {
        out.append(kind.type + "([");
        String separator = "";
        for (Iterator<Value> elements = iterate(); elements.hasNext(); ) {
            out.append(separator);
            elements.next().represent(out);
            separator = ", ";
        }
        out.append("])");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DictView that
                && kind == that.kind
                && kind != Kind.VALUES
                && elements().equals(that.elements());
    }

    private Set<Value> elements() {
        Set<Value> elements = new HashSet<>();
        iterate().forEachRemaining(elements::add);
        return elements;
    }

    @Override
    public int hashCode() {
        return kind.hashCode();
    }
}
