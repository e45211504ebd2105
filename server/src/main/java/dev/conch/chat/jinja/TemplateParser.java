package dev.conch.chat.jinja;

import dev.conch.chat.jinja.MacroDefinition.Signature;
import dev.conch.chat.jinja.MacroDefinition.Signature.Parameter;
import dev.conch.chat.jinja.MacroDefinition.Signature.SpecialNames;
import dev.conch.chat.jinja.Statement.Block;
import dev.conch.chat.jinja.Statement.Filtering;
import dev.conch.chat.jinja.Statement.Flow;
import dev.conch.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Parses a whole template: text, output and statements. */
final class TemplateParser {
    /** Statements of Jinja that load other templates or do nothing for a prompt. */
    private static final Set<String> UNSUPPORTED =
            Set.of("autoescape", "block", "debug", "do", "extends", "from", "import", "include", "pluralize", "trans");

    private final TokenStream tokens;
    private final Names names;
    private final ExpressionParser expressions;
    private int loops;

    TemplateParser(TokenStream tokens, Names names) {
        this.tokens = tokens;
        this.names = names;
        expressions = new ExpressionParser(tokens, names);
    }

    Block template() {
        Block body = block();
        if (tokens.current().kind() != Kind.END_OF_SOURCE) {
            throw unexpectedStatement(tokens.ahead());
        }
        return body;
    }

    /** Statements up to the end of the template, or to a statement that this parser does not begin. */
    private Block block(String... ends) {
        Set<String> endNames = Set.of(ends);
        List<Statement> statements = new ArrayList<>();
        tokens.enter();
        while (tokens.current().kind() != Kind.END_OF_SOURCE && !atEnd(endNames)) {
            statements.add(statement());
        }
        tokens.leave();
        if (ends.length > 0 && tokens.current().kind() == Kind.END_OF_SOURCE) {
            throw tokens.unexpected("'{% " + ends[ends.length - 1] + " %}'");
        }
        return new Block(List.copyOf(statements));
    }

    private boolean atEnd(Set<String> ends) {
        return tokens.current().kind() == Kind.STATEMENT_BEGIN
                && tokens.ahead().kind() == Kind.NAME
                && ends.contains(tokens.ahead().text());
    }

    /** A block, and the statement that ends it. */
    private Block blockUpTo(String end) {
        tokens.expect(Kind.STATEMENT_END, "'%}'");
        Block block = block(end);
        tokens.next();
        tokens.expectName(end);
        tokens.expect(Kind.STATEMENT_END, "'%}'");
        return block;
    }

    private Statement statement() {
        Token token = tokens.next();
        return switch (token.kind()) {
            case TEXT -> new Statement.Literal(token.text());
            case OUTPUT_BEGIN -> output();
            default -> tagged(tokens.expect(Kind.NAME, "the name of a statement"));
        };
    }

    private Statement output() {
        Expression expression = expressions.tuple();
        tokens.expect(Kind.OUTPUT_END, "'}}'");
        return new Statement.Output(expression);
    }

    private Statement tagged(Token name) {
        return switch (name.text()) {
            case "if" -> conditional();
            case "for" -> loop();
            case "set" -> assignment();
            case "macro" -> macro();
            case "call" -> call();
            case "filter" -> new Statement.FilterBlock(expressions.filtering(), functionBody("endfilter"));
            case "with" -> with();
            case "generation" -> new Statement.Generation(functionBody("endgeneration"));
            case "break" -> jump(name, Flow.BREAK);
            case "continue" -> jump(name, Flow.CONTINUE);
            default -> throw unexpectedStatement(name);
        };
    }

    private TemplateSyntaxException unexpectedStatement(Token name) {
        String problem = UNSUPPORTED.contains(name.text()) ? "is not supported" : "is unknown or out of place";
        return new TemplateSyntaxException("the statement '" + name.text() + "' " + problem, name.line());
    }

    private Statement jump(Token name, Flow flow) {
        if (loops == 0) {
            throw new TemplateSyntaxException("'" + name.text() + "' outside of a loop", name.line());
        }
        tokens.expect(Kind.STATEMENT_END, "'%}'");
        return new Statement.Jump(flow);
    }

    private Statement conditional() {
        List<Statement.If.Branch> branches = new ArrayList<>();
        Block otherwise = Block.EMPTY;
        do {
            Expression condition = expressions.tupleWithoutCondition();
            tokens.expect(Kind.STATEMENT_END, "'%}'");
            branches.add(new Statement.If.Branch(condition, block("elif", "else", "endif")));
            tokens.next();
        } while (tokens.skipName("elif"));
        if (tokens.skipName("else")) {
            otherwise = blockUpTo("endif");
        } else {
            tokens.expectName("endif");
            tokens.expect(Kind.STATEMENT_END, "'%}'");
        }
        return new Statement.If(List.copyOf(branches), otherwise);
    }

    private Statement loop() {
        Target target = target(false);
        tokens.expectName("in");
        Expression iterable = expressions.tupleWithoutCondition("recursive");
        Expression condition = tokens.skipName("if") ? expressions.expression() : null;
        boolean recursive = tokens.skipName("recursive");
        tokens.expect(Kind.STATEMENT_END, "'%}'");
        loops++;
        Block body = block("else", "endfor");
        loops--;
        tokens.next();
        Block otherwise = Block.EMPTY;
        if (tokens.skipName("else")) {
            otherwise = blockUpTo("endfor");
        } else {
            tokens.expectName("endfor");
            tokens.expect(Kind.STATEMENT_END, "'%}'");
        }
        return new ForLoop(target, iterable, condition, recursive, names.number("loop"), body, otherwise);
    }

    private Statement assignment() {
        Target target = target(true);
        if (tokens.skipOperator("=")) {
            Expression value = expressions.tuple();
            tokens.expect(Kind.STATEMENT_END, "'%}'");
            return new Statement.Assignment(target, value);
        }
        Filtering filtering = tokens.skipOperator("|") ? expressions.filtering() : null;
        return new Statement.BlockAssignment(target, filtering, functionBody("endset"));
    }

    /** One target, or several with commas between them. */
    private Target target(boolean attributes) {
        Target first = singleTarget(attributes);
        if (!tokens.current().isOperator(",")) {
            return first;
        }
        List<Target> targets = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",")
                && !tokens.current().isName("in")
                && !tokens.current().isOperator("=")) {
            targets.add(singleTarget(attributes));
        }
        return new Target.Unpacked(List.copyOf(targets));
    }

    private Target singleTarget(boolean attributes) {
        if (tokens.skipOperator("(")) {
            Target inner = target(attributes);
            tokens.expectOperator(")");
            return inner;
        }
        Token name = tokens.expect(Kind.NAME, "a name to assign to");
        if (attributes && tokens.skipOperator(".")) {
            Expression.Variable namespace = new Expression.Variable(names.number(name.text()), name.text(), null);
            return new Target.Attribute(namespace, attributeName());
        }
        if (Set.of("true", "True", "false", "False", "none", "None").contains(name.text())) {
            throw new TemplateSyntaxException("can't assign to '" + name.text() + "'", name.line());
        }
        return new Target.Name(names.number(name.text()));
    }

    private String attributeName() {
        return tokens.expect(Kind.NAME, "the name of an attribute").text();
    }

    private Statement macro() {
        String name = tokens.expect(Kind.NAME, "the name of a macro").text();
        List<Parameter> parameters = parameters();
        int begin = tokens.position();
        Block body = functionBody("endmacro");
        return new MacroDefinition(names.number(name), new Signature(name, parameters, specialNames(begin)), body);
    }

    private Statement call() {
        List<Parameter> parameters = tokens.current().isOperator("(") ? parameters() : List.of();
        int line = tokens.line();
        if (!(expressions.expression() instanceof Expression.Call call)) {
            throw new TemplateSyntaxException("expected a call after 'call'", line);
        }
        int begin = tokens.position();
        Block body = functionBody("endcall");
        return new CallBlock(new Signature("caller", parameters, specialNames(begin)), call, body);
    }

    private List<Parameter> parameters() {
        tokens.expectOperator("(");
        List<Parameter> parameters = new ArrayList<>();
        while (!tokens.skipOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
            }
            String name = tokens.expect(Kind.NAME, "the name of a parameter").text();
            Expression fallback = tokens.skipOperator("=") ? expressions.expression() : null;
            parameters.add(new Parameter(name, names.number(name), fallback));
        }
        return List.copyOf(parameters);
    }

    private SpecialNames specialNames(int begin) {
        return new SpecialNames(
                names.number("varargs"),
                names.number("kwargs"),
                names.number("caller"),
                tokens.namesSince(begin, Set.of("varargs", "kwargs", "caller")));
    }

    /** A body that runs on its own: it cannot jump out into a loop around it. */
    private Block functionBody(String end) {
        int outer = loops;
        loops = 0;
        Block body = blockUpTo(end);
        loops = outer;
        return body;
    }

    private Statement with() {
        List<Statement.Assignment> assignments = new ArrayList<>();
        while (tokens.current().kind() != Kind.STATEMENT_END) {
            if (!assignments.isEmpty()) {
                tokens.expectOperator(",");
            }
            Target target = target(false);
            tokens.expectOperator("=");
            assignments.add(new Statement.Assignment(target, expressions.expression()));
        }
        return new Statement.With(List.copyOf(assignments), blockUpTo("endwith"));
    }
}
