package dev.conch.chat.jinja;

import dev.conch.chat.jinja.Statement.Block;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code for target in iterable if condition}. Each iteration is a scope of its own.
 *
 * @param loopName number of the name {@code loop}
 * @param recursive whether {@code loop(iterable)} may be called in the body
 * @param otherwise runs if there was nothing to iterate over
 */
record ForLoop(
        Target target,
        Expression iterable,
        @Nullable Expression condition,
        boolean recursive,
        int loopName,
        Block body,
        Block otherwise)
        implements Statement {

    @Override
    public Flow execute(Scope scope, TextBuilder out) {
        run(iterable.evaluate(scope), 0, scope, out);
        return Flow.NEXT;
    }

    /** Iterates over a value; recursive loops do so at a greater depth. */
    void run(Value value, int depth, Scope scope, TextBuilder out) {
        List<Value> elements = elements(value, scope);
        if (elements.isEmpty()) {
            otherwise.execute(scope, out);
            return;
        }
        Loop loop = new Loop(this, elements, depth, scope);
        for (Value element : elements) {
            scope.budget().loopIteration();
            Scope iteration = scope.inner();
            iteration.set(loopName, loop);
            target.assign(element, iteration);
            if (body.execute(iteration, out) == Flow.BREAK) {
                return;
            }
            loop.advance();
        }
    }

    private List<Value> elements(Value value, Scope scope) {
        if (value instanceof Sequence sequence && condition == null) {
            return sequence.elements();
        }
        List<Value> elements = new ArrayList<>();
        for (Iterator<Value> iterator = value.iterate(); iterator.hasNext(); ) {
            scope.budget().loopIteration();
            Value element = iterator.next();
            if (condition == null || meetsCondition(condition, element, scope)) {
                elements.add(element);
            }
        }
        return elements;
    }

    private boolean meetsCondition(Expression test, Value element, Scope scope) {
        Scope inner = scope.inner();
        target.assign(element, inner);
        return test.evaluate(inner).truthy();
    }
}
