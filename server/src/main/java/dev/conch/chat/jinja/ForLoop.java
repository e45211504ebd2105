package dev.conch.chat.jinja;

import dev.conch.chat.jinja.Statement.Block;
import dev.conch.chat.jinja.Statement.Flow;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * {@code for target in iterable if condition}. Each iteration is a scope of its own. Elements are taken one at a time, as the body is ready
 * for them.
 *
 * @param recursive whether {@code loop(iterable)} may be called in the body, which is a function then
 * @param loop the variable {@code loop}; null if the body does not look at it
 * @param otherwise runs if no iteration came to the end of the body: there was nothing to iterate over, or all of them jumped
 */
record ForLoop(
        Target target,
        Expression iterable,
        @Nullable Condition condition,
        boolean recursive,
        @Nullable Reference loop,
        SymbolScope inside,
        Block body,
        Otherwise otherwise)
        implements Statement {

    /** Which elements to take: a scope that has the target, too. */
    record Condition(SymbolScope inside, Target target, Expression test) {

        boolean holds(Value element, Scope scope) {
            inside.enter(scope);
            target.assign(element, scope);
            return test.evaluate(scope).truthy();
        }
    }

    /** The {@code else} of a loop. */
    record Otherwise(SymbolScope inside, Block body) {

        Flow execute(Scope scope, TextBuilder out) {
            inside.enter(scope);
            return body.execute(scope, out);
        }
    }

    @Override
    public Flow execute(Scope scope, TextBuilder out) {
        Value value = iterable.evaluate(scope);
        return recursive ? recurse(value, 0, scope, out) : run(value, 0, scope, scope, out);
    }

    /** Iterates over a value at some depth of a recursive loop, with variables of its own. */
    Flow recurse(Value value, int depth, Scope definition, TextBuilder out) {
        return run(value, depth, definition, inside.activation().open(definition), out);
    }

    private Flow run(Value value, int depth, Scope definition, Scope scope, TextBuilder out) {
        Iterator<Value> elements = elements(value, scope);
        boolean completed;
        if (loop == null) {
            completed = iterate(elements, null, scope, out);
        } else {
            Loop state = new Loop(this, condition == null ? value : null, elements, depth, definition);
            completed = iterate(state.elements(), state, scope, out);
        }
        return completed ? Flow.NEXT : otherwise.execute(scope, out);
    }

    /** Whether an iteration came to the end of the body. */
    private boolean iterate(Iterator<Value> elements, @Nullable Loop state, Scope scope, TextBuilder out) {
        Budget budget = scope.budget();
        boolean completed = false;
        while (elements.hasNext()) {
            budget.loopIteration();
            Value element = elements.next();
            inside.enter(scope);
            if (loop != null) {
                loop.write(scope, state);
            }
            target.assign(element, scope);
            Flow flow = body.execute(scope, out);
            if (flow == Flow.BREAK) {
                break;
            }
            completed |= flow == Flow.NEXT;
        }
        return completed;
    }

    private Iterator<Value> elements(Value value, Scope scope) {
        Condition test = condition;
        if (test == null) {
            return value.iterate();
        }
        return Generator.selected(value.iterate(), element -> {
            scope.budget().loopIteration();
            return test.holds(element, scope);
        });
    }
}
