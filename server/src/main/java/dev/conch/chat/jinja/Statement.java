package dev.conch.chat.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node of the compiled tree that does something. Immutable; thread-safe. */
sealed interface Statement
        permits Statement.Literal,
                Statement.Output,
                Statement.If,
                Statement.Assignment,
                Statement.BlockAssignment,
                Statement.FilterBlock,
                Statement.With,
                Statement.Generation,
                Statement.Jump,
                ForLoop,
                MacroDefinition,
                CallBlock {

    /** Runs in a scope and appends what it has to say. */
    Flow execute(Scope scope, TextBuilder out);

    /** How to go on after a statement. */
    enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    /** Text outside of all tags. */
    record Literal(String text) implements Statement {
        @Override
        public Flow execute(Scope scope, TextBuilder out) {
            out.append(text);
            return Flow.NEXT;
        }
    }

    /** {@code {{ expression }}}. */
    record Output(Expression expression) implements Statement {
        @Override
        public Flow execute(Scope scope, TextBuilder out) {
            expression.evaluate(scope).print(out);
            return Flow.NEXT;
        }
    }

    /** {@code if}, {@code elif}, {@code else}: not a scope of its own. */
    record If(List<Branch> branches, Block otherwise) implements Statement {
        /** One condition and what it guards. */
        record Branch(Expression condition, Block body) {}

        @Override
        public Flow execute(Scope scope, TextBuilder out) {
            for (Branch branch : branches) {
                if (branch.condition.evaluate(scope).truthy()) {
                    return branch.body.execute(scope, out);
                }
            }
            return otherwise.execute(scope, out);
        }
    }

    /** {@code set target = value}. */
    record Assignment(Target target, Expression value) implements Statement {
        @Override
        public Flow execute(Scope scope, TextBuilder out) {
            target.assign(value.evaluate(scope), scope);
            return Flow.NEXT;
        }
    }

    /** {@code set target}, {@code endset}: the value is what the body says. */
    record BlockAssignment(Target target, @Nullable Filtering filtering, Block body) implements Statement {
        @Override
        public Flow execute(Scope scope, TextBuilder out) {
            Value text = body.capture(scope.inner());
            target.assign(filtering == null ? text : filtering.apply(text, scope), scope);
            return Flow.NEXT;
        }
    }

    /** {@code filter name}, {@code endfilter}. */
    record FilterBlock(Filtering filtering, Block body) implements Statement {
        @Override
        public Flow execute(Scope scope, TextBuilder out) {
            filtering.apply(body.capture(scope.inner()), scope).print(out);
            return Flow.NEXT;
        }
    }

    /** {@code with a = b}, {@code endwith}: variables for a body only. */
    record With(List<Assignment> assignments, Block body) implements Statement {
        @Override
        public Flow execute(Scope scope, TextBuilder out) {
            Scope inner = scope.inner();
            for (Assignment assignment : assignments) {
                assignment.target().assign(assignment.value().evaluate(scope), inner);
            }
            return body.execute(inner, out);
        }
    }

    /** {@code generation}, {@code endgeneration}: marks the assistant's words for training; here only a scope. */
    record Generation(Block body) implements Statement {
        @Override
        public Flow execute(Scope scope, TextBuilder out) {
            return body.execute(scope.inner(), out);
        }
    }

    /** {@code break} or {@code continue}. */
    record Jump(Flow flow) implements Statement {
        @Override
        public Flow execute(Scope scope, TextBuilder out) {
            return flow;
        }
    }

    /** Filters that are applied one after the other to something that is not written before them. */
    record Filtering(List<Step> steps) {
        /** One filter with its arguments. */
        record Step(Filter filter, ArgumentList arguments) {}

        Value apply(Value value, Scope scope) {
            Value filtered = value;
            for (Step step : steps) {
                scope.budget().step();
                filtered = step.filter.apply(filtered, step.arguments.evaluate(scope), scope.rendering());
            }
            return filtered;
        }
    }

    /** Statements one after the other. */
    record Block(List<Statement> statements) {
        static final Block EMPTY = new Block(List.of());

        /** Runs them until one of them jumps. */
        Flow execute(Scope scope, TextBuilder out) {
            Budget budget = scope.budget();
            for (Statement statement : statements) {
                budget.step();
                Flow flow = statement.execute(scope, out);
                budget.requireOutputLength(out.length());
                if (flow != Flow.NEXT) {
                    return flow;
                }
            }
            return Flow.NEXT;
        }

        /** Runs them and gives what they say. */
        Text capture(Scope scope) {
            TextBuilder out = new TextBuilder(scope.budget());
            execute(scope, out);
            return out.toText();
        }
    }
}
