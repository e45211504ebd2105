package dev.conch.chat.jinja;

import dev.conch.chat.jinja.MacroDefinition.Macro;
import org.jspecify.annotations.Nullable;

/** Anything that can be called: a method of a value, a global function, a macro. */
final class Function implements Value {
    private final String kind;
    private final String name;
    private final Body body;
    private final @Nullable Macro macro;

    private Function(String kind, String name, Body body, @Nullable Macro macro) {
        this.kind = kind;
        this.name = name;
        this.body = body;
        this.macro = macro;
    }

    /** What a call does. */
    @FunctionalInterface
    interface Body {
        Value call(Arguments arguments, Rendering rendering);
    }

    static Function method(String name, Body body) {
        return new Function("builtin_function_or_method", name, body, null);
    }

    static Function global(String name, Body body) {
        return new Function("function", name, body, null);
    }

    static Function macro(Macro macro, Body body) {
        return new Function("Macro", "'" + macro.name() + "'", body, macro);
    }

    /** The function {@code dict}, which has a method of its own. */
    static Function dict(Body body) {
        return new Function("TemplateDict", "dict", body, null);
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

    @Override
    public @Nullable Value attribute(String attribute) {
        if (kind.equals("TemplateDict") && attribute.equals("fromkeys")) {
            return method(attribute, (arguments, _) -> DictMethods.fromKeys(arguments));
        }
        return macro == null ? null : macro.attribute(attribute);
    }
}
