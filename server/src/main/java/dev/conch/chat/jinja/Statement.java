package dev.conch.chat.jinja;

import java.util.ArrayList;
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
                Statement.NamedBlock,
                Statement.Autoescape,
                Statement.Loading,
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
    record Literal(Text text) implements Statement {
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
            expression.print(scope, out);
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
    record BlockAssignment(Target target, @Nullable Filtering filtering, SymbolScope inside, Block body)
            implements Statement {
        @Override
        public Flow execute(Scope scope, TextBuilder out) {
            inside.enter(scope);
            TextBuilder said = new TextBuilder(scope.budget());
            Flow flow = body.execute(scope, said);
            if (flow == Flow.NEXT) {
                Value text = said.toText();
                target.assign(filtering == null ? text : filtering.apply(text, scope), scope);
            }
            return flow;
        }
    }

    /** {@code filter name}, {@code endfilter}. */
    record FilterBlock(Filtering filtering, SymbolScope inside, Block body) implements Statement {
        @Override
        public Flow execute(Scope scope, TextBuilder out) {
            inside.enter(scope);
            TextBuilder said = new TextBuilder(scope.budget());
            Flow flow = body.execute(scope, said);
            if (flow == Flow.NEXT) {
                out.append(Arguments.asText("filter", filtering.apply(said.toText(), scope)));
            }
            return flow;
        }
    }

    /** {@code with a = b}, {@code endwith}: variables for a body only. Their values are those of the scope around. */
    record With(List<Assignment> assignments, SymbolScope inside, Block body) implements Statement {
        @Override
        public Flow execute(Scope scope, TextBuilder out) {
            List<Value> values = new ArrayList<>(assignments.size());
            assignments.forEach(assignment -> values.add(assignment.value.evaluate(scope)));
            inside.enter(scope);
            for (int i = 0; i < values.size(); i++) {
                assignments.get(i).target.assign(values.get(i), scope);
            }
            return body.execute(scope, out);
        }
    }

    /** {@code generation}, {@code endgeneration}: marks the assistant's words for training; here only a scope. */
    record Generation(SymbolScope inside, Block body) implements Statement {
        @Override
        public Flow execute(Scope scope, TextBuilder out) {
            Scope function = inside.activation().open(scope);
            inside.enter(function);
            return body.execute(function, out);
        }
    }

    /**
     * {@code block name}, {@code endblock}: with nothing to inherit from, its body where it stands.
     *
     * @param scoped whether it sees the variables around it, and not only those of the template itself
     */
    record NamedBlock(boolean scoped, SymbolScope inside, Block body) implements Statement {
        @Override
        public Flow execute(Scope scope, TextBuilder out) {
            Scope block = inside.activation().open(scoped ? scope : scope.outermost());
            inside.enter(block);
            return body.execute(block, out);
        }
    }

    /** {@code autoescape false}, {@code endautoescape}. Prompts are not HTML: escaping cannot be turned on. */
    record Autoescape(Expression on, SymbolScope inside, Block body) implements Statement {
        @Override
        public Flow execute(Scope scope, TextBuilder out) {
            inside.enter(scope);
            if (on.evaluate(scope).truthy()) {
                throw new TemplateException("the statement 'autoescape' is not supported but to turn escaping off");
            }
            return body.execute(scope, out);
        }
    }

    /** {@code include} and its kin: there are no other templates to load. */
    record Loading(String name) implements Statement {
        @Override
        public Flow execute(Scope scope, TextBuilder out) {
            throw TemplateException.type("no loader for this environment specified ('" + name + "')");
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

        /** Statements; text that nothing stands between becomes one. */
        static Block of(List<Statement> statements) {
            List<Statement> joined = new ArrayList<>();
            for (Statement statement : statements) {
                Text text = fixed(statement);
                Text before = joined.isEmpty() ? null : fixed(joined.getLast());
                if (text == null || before == null) {
                    joined.add(text == null ? statement : new Literal(text));
                } else {
                    joined.set(joined.size() - 1, new Literal(Text.of(before.string() + text.string())));
                }
            }
            return new Block(List.copyOf(joined));
        }

        /** What a statement says every time; null if that is not known. */
        private static @Nullable Text fixed(Statement statement) {
            return switch (statement) {
                case Literal(Text text) -> text;
                case Output(Expression.Constant(Text text)) -> text;
                default -> null;
            };
        }

        /** Runs them until one of them jumps. */
        Flow execute(Scope scope, TextBuilder out) {
            Budget budget = scope.budget();
            for (int i = 0; i < statements.size(); i++) {
                budget.step();
                Flow flow = statements.get(i).execute(scope, out);
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
