package dev.conch.chat.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code cycler(a, b)} makes: gives one value after the other, over and over. Not thread-safe: it belongs to one rendering. */
final class Cycler implements Value {
    private final List<Value> items;
    private int position;

    private Cycler(List<Value> items) {
        this.items = items;
    }

    static Cycler of(Arguments arguments) {
        if (arguments.count() == 0 || !arguments.named().isEmpty()) {
            throw TemplateException.type("cycler: at least one item has to be provided, and none by name");
        }
        return new Cycler(arguments.from(0));
    }

    /** The function that {@code joiner(separator)} makes: gives nothing the first time, the separator from then on. */
    static Function joiner(Arguments arguments) {
        Value separator = arguments.accept("joiner", 0, "sep").optional(0, Text.of(", "));
        Cycler state = new Cycler(List.of(Text.EMPTY, separator));
        return Function.global("joiner", (call, _) -> call.none("joiner", state.untilLast()));
    }

    private Value next() {
        Value current = items.get(position);
        position = (position + 1) % items.size();
        return current;
    }

    /** The next value, which stays the last one once it is that. */
    private Value untilLast() {
        Value current = items.get(position);
        position = Math.min(position + 1, items.size() - 1);
        return current;
    }

    private Value reset() {
        position = 0;
        return None.NONE;
    }

    @Override
    public String type() {
        return "Cycler";
    }

    @Override
    public boolean truthy() {
        return true;
    }

    @Override
    public void print(TextBuilder out) {
        out.append("<Cycler>");
    }

    @Override
    public @Nullable Value attribute(String name) {
        return switch (name) {
            case "current" -> items.get(position);
            case "pos" -> Int.of(position);
            case "next" ->
                Function.method(name, (arguments, _) -> nothing(name, arguments).next());
            case "reset" ->
                Function.method(name, (arguments, _) -> nothing(name, arguments).reset());
            default -> null;
        };
    }

    private Cycler nothing(String callee, Arguments arguments) {
        arguments.accept(callee, 0);
        return this;
    }
}
