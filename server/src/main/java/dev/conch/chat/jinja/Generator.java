package dev.conch.chat.jinja;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What filters such as {@code map} and {@code selectattr} make: elements that can be walked through once and are not counted. */
final class Generator implements Value {
    private final String type;
    private final Iterator<Value> elements;

    Generator(Iterator<Value> elements) {
        this("generator", elements);
    }

    /**
     * Elements under another name.
     *
     * @param type Python's name of such an iterator
     */
    Generator(String type, Iterator<Value> elements) {
        this.type = type;
        this.elements = elements;
    }

    /** Those elements that meet a condition, looked for as they are asked for. */
    static Iterator<Value> selected(Iterator<Value> elements, Predicate<Value> condition) {
        return new Iterator<>() {
            private @Nullable Value next;

            @Override
            public boolean hasNext() {
                while (next == null && elements.hasNext()) {
                    Value candidate = elements.next();
                    next = condition.test(candidate) ? candidate : null;
                }
                return next != null;
            }

            @Override
            public Value next() {
                if (!hasNext() || next == null) {
                    throw new NoSuchElementException();
                }
                Value selected = next;
                next = null;
                return selected;
            }
        };
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public boolean truthy() {
        return true;
    }

    @Override
    public void print(TextBuilder out) {
        out.append("<" + type + " object>");
    }

    @Override
    public Iterator<Value> iterate() {
        return elements;
    }
}
