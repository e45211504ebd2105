package dev.conch.chat.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The variable {@code loop} inside a loop: where the loop is. Not thread-safe. */
final class Loop implements Value {
    private final ForLoop statement;
    private final List<Value> elements;
    private final int depth;
    private final Scope scope;
    private int index;
    private @Nullable Value lastChanged;

    Loop(ForLoop statement, List<Value> elements, int depth, Scope scope) {
        this.statement = statement;
        this.elements = elements;
        this.depth = depth;
        this.scope = scope;
    }

    void advance() {
        index++;
    }

    @Override
    public String type() {
        return "LoopContext";
    }

    @Override
    public boolean truthy() {
        return true;
    }

    @Override
    public int length() {
        return elements.size();
    }

    @Override
    public void print(TextBuilder out) {
        out.append("<LoopContext " + (index + 1) + "/" + elements.size() + ">");
    }

    @Override
    public @Nullable Value attribute(String name) {
        return switch (name) {
            case "index" -> Int.of(index + 1);
            case "index0" -> Int.of(index);
            case "revindex" -> Int.of(elements.size() - index);
            case "revindex0" -> Int.of(elements.size() - index - 1);
            case "first" -> Bool.of(index == 0);
            case "last" -> Bool.of(index == elements.size() - 1);
            case "length" -> Int.of(elements.size());
            case "depth" -> Int.of(depth + 1);
            case "depth0" -> Int.of(depth);
            case "previtem" -> neighbour(index - 1, "there is no previous item");
            case "nextitem" -> neighbour(index + 1, "there is no next item");
            case "cycle" -> Function.method(name, (arguments, _) -> cycle(arguments));
            case "changed" -> Function.method(name, (arguments, _) -> changed(arguments));
            default -> null;
        };
    }

    /** {@code loop(iterable)} in a recursive loop. */
    Value call(Arguments arguments, Scope caller) {
        if (!statement.recursive()) {
            throw TemplateException.type("The loop must have the 'recursive' marker to be called recursively.");
        }
        Budget budget = caller.budget();
        TextBuilder out = new TextBuilder(budget);
        budget.enterCall();
        statement.run(arguments.only("loop"), depth + 1, scope, out);
        budget.leaveCall();
        return out.toText();
    }

    private Value neighbour(int at, String otherwise) {
        return at >= 0 && at < elements.size() ? elements.get(at) : Undefined.because(otherwise);
    }

    private Value cycle(Arguments arguments) {
        if (arguments.count() == 0) {
            throw TemplateException.type("no items for cycling given");
        }
        return arguments.at(index % arguments.count());
    }

    private Value changed(Arguments arguments) {
        Value now = Sequence.tuple(arguments.from(0));
        boolean changed = !now.equals(lastChanged);
        lastChanged = now;
        return Bool.of(changed);
    }
}
