package dev.conch.chat.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The variable {@code loop} inside a loop: where the loop is. Looks no further ahead than it is asked to. Not thread-safe. */
final class Loop implements Value {
    private final ForLoop statement;
    private final int depth;
    private final Scope definition;
    private Iterator<Value> source;
    /** How many elements there are in all; negative as long as nobody knows. */
    private int length;

    private int index = -1;
    private @Nullable Value previous;
    private @Nullable Value current;
    private @Nullable Value lastChanged;
    /** The next element, if somebody had to look at it. */
    private @Nullable Value ahead;

    /**
     * A loop about to begin.
     *
     * @param whole what is iterated over, if all of it is
     */
    Loop(ForLoop statement, @Nullable Value whole, Iterator<Value> source, int depth, Scope definition) {
        this.statement = statement;
        this.source = source;
        this.depth = depth;
        this.definition = definition;
        length = whole == null || whole instanceof Generator ? -1 : whole.length();
    }

    /** The elements; taking one moves the loop on. */
    Iterator<Value> elements() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return ahead != null || source.hasNext();
            }

            @Override
            public Value next() {
                return advance();
            }
        };
    }

    private Value advance() {
        Value next = ahead != null ? ahead : source.next();
        ahead = null;
        previous = current;
        current = next;
        index++;
        return next;
    }

    @Override
    public String type() {
        return "LoopContext";
    }

    @Override
    public boolean truthy() {
        return length() > 0;
    }

    @Override
    public int length() {
        if (length < 0) {
            List<Value> rest = new ArrayList<>();
            source.forEachRemaining(rest::add);
            source = rest.iterator();
            length = index + 1 + rest.size() + (ahead == null ? 0 : 1);
        }
        return length;
    }

    @Override
    public void print(TextBuilder out) {
        out.append("<LoopContext " + (index + 1) + "/" + length() + ">");
    }

    @Override
    public @Nullable Value attribute(String name) {
        return switch (name) {
            case "index" -> Int.of(index + 1);
            case "index0" -> Int.of(index);
            case "revindex" -> Int.of(length() - index);
            case "revindex0" -> Int.of(length() - index - 1);
            case "first" -> Bool.of(index == 0);
            case "last" -> Bool.of(peek() == null);
            case "length" -> Int.of(length());
            case "depth" -> Int.of(depth + 1);
            case "depth0" -> Int.of(depth);
            case "previtem" -> orElse(index == 0 ? null : previous, "there is no previous item");
            case "nextitem" -> orElse(peek(), "there is no next item");
            case "cycle" -> Function.method(name, (arguments, _) -> cycle(arguments));
            case "changed" -> Function.method(name, (arguments, rendering) -> changed(arguments, rendering.budget()));
            default -> null;
        };
    }

    private @Nullable Value peek() {
        if (ahead == null && source.hasNext()) {
            ahead = source.next();
        }
        return ahead;
    }

    private static Value orElse(@Nullable Value item, String otherwise) {
        return item != null ? item : Undefined.because(otherwise);
    }

    /** {@code loop(iterable)} in a recursive loop. */
    Value call(Arguments arguments, Scope caller) {
        if (!statement.recursive()) {
            throw TemplateException.type("The loop must have the 'recursive' marker to be called recursively.");
        }
        Budget budget = caller.budget();
        TextBuilder out = new TextBuilder(budget);
        budget.enterCall();
        statement.recurse(arguments.only("loop"), depth + 1, definition, out);
        budget.leaveCall();
        return out.toText();
    }

    private Value cycle(Arguments arguments) {
        if (arguments.count() == 0) {
            throw TemplateException.type("no items for cycling given");
        }
        return arguments.at(index % arguments.count());
    }

    private Value changed(Arguments arguments, Budget budget) {
        Value now = Sequence.tuple(arguments.from(0));
        boolean changed = lastChanged == null || !Weight.equal(now, lastChanged, budget);
        lastChanged = now;
        return Bool.of(changed);
    }
}
