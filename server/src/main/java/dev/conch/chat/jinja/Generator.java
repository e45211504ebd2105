package dev.conch.chat.jinja;

import java.util.Iterator;

/** What filters such as {@code map} and {@code selectattr} make: elements that can be walked through once and are not counted. */
final class Generator implements Value {
    private final Iterator<Value> elements;

    Generator(Iterator<Value> elements) {
        this.elements = elements;
    }

    @Override
    public String type() {
        return "generator";
    }

    @Override
    public boolean truthy() {
        return true;
    }

    @Override
    public void print(TextBuilder out) {
        out.append("<generator object>");
    }

    @Override
    public Iterator<Value> iterate() {
        return elements;
    }
}
