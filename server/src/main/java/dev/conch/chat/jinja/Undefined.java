package dev.conch.chat.jinja;

import java.util.Collections;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * What is not there: it prints as nothing, is false and iterates over nothing, and everything else that is done with it fails and says
 * why it is not there. (Jinja's {@code Undefined}.)
 */
final class Undefined implements Value {
    private final String reason;

    private Undefined(String reason) {
        this.reason = reason;
    }

    static Undefined variable(String name) {
        return new Undefined("'" + name + "' is undefined");
    }

    static Undefined because(String reason) {
        return new Undefined(reason);
    }

    static Undefined member(Value owner, String name) {
        return new Undefined("'" + owner.type() + " object' has no attribute '" + name + "'");
    }

    static Undefined element(Value owner, Value key) {
        return key instanceof Text name
                ? member(owner, name.string())
                : new Undefined(owner.type() + " object has no such element");
    }

    /** What a sandboxed template is not to do, such as changing a list: it may be named, but not used. */
    static Undefined unsafe(Value owner, String name) {
        return new Undefined("access to attribute '" + name + "' of '" + owner.type() + "' object is unsafe.");
    }

    /** The failure of everything that cannot be done with what is not there. */
    TemplateException failure() {
        return new TemplateException("UndefinedError: " + reason);
    }

    @Override
    public String type() {
        return "Undefined";
    }

    @Override
    public boolean truthy() {
        return false;
    }

    @Override
    public void print(TextBuilder out) {}

    @Override
    public void represent(TextBuilder out) {
        out.append("Undefined");
    }

    @Override
    public int length() {
        return 0;
    }

    @Override
    public Iterator<Value> iterate() {
        return Collections.emptyIterator();
    }

    @Override
    public Value member(Text name) {
        throw failure();
    }

    @Override
    public Value element(Value key) {
        throw failure();
    }

    @Override
    public Value slice(@Nullable Int start, @Nullable Int stop, @Nullable Int step) {
        throw failure();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Undefined;
    }

    @Override
    public int hashCode() {
        return 0;
    }
}
