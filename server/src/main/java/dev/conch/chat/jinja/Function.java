package dev.conch.chat.jinja;

/** Anything that can be called: a method of a value, a global function, a macro. */
final class Function implements Value {
    private final String kind;
    private final String name;
    private final Body body;

    private Function(String kind, String name, Body body) {
        this.kind = kind;
        this.name = name;
        this.body = body;
    }

    /** What a call does. */
    @FunctionalInterface
    interface Body {
        Value call(Arguments arguments, Rendering rendering);
    }

    static Function method(String name, Body body) {
        return new Function("builtin_function_or_method", name, body);
    }

    static Function global(String name, Body body) {
        return new Function("function", name, body);
    }

    static Function macro(String name, Body body) {
        return new Function("Macro", name, body);
    }

    Value call(Arguments arguments, Rendering rendering) {
        rendering.budget().step();
        return body.call(arguments, rendering);
    }

    @Override
    public String type() {
        return kind;
    }

    @Override
    public boolean truthy() {
        return true;
    }

    @Override
    public void print(TextBuilder out) {
        out.append("<" + kind + " " + name + ">");
    }
}
