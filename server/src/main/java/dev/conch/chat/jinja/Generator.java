package dev.conch.chat.jinja;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import java.util.function.Supplier;
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

    /** Elements that are looked for when the first of them is asked for; what fails does so only then. */
    static Generator lazy(Supplier<Iterator<Value>> source) {
        return new Generator(new Iterator<>() {
            private @Nullable Iterator<Value> elements;

            private Iterator<Value> elements() {
                Iterator<Value> begun = elements == null ? source.get() : elements;
                elements = begun;
                return begun;
            }

            @Override
            public boolean hasNext() {
                return elements().hasNext();
            }

            @Override
            public Value next() {
                return elements().next();
            }
        });
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
