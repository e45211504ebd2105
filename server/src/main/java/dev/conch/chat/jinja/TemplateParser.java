package dev.conch.chat.jinja;

import dev.conch.chat.jinja.Statement.Block;
import dev.conch.chat.jinja.Statement.Filtering;
import dev.conch.chat.jinja.Statement.Flow;
import dev.conch.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Parses a whole template: text, output and statements. */
final class TemplateParser {
    /** Statements of Jinja's extensions, which {@code transformers} does not load. */
    private static final Set<String> UNSUPPORTED = Set.of("debug", "do", "pluralize", "trans");

    private final TokenStream tokens;
    private final Symbols symbols;
    private final ExpressionParser expressions;
    private final TargetParser targets;
    private final LoopParser loopParser;
    private final MacroParser macros;
    private final Set<String> blockNames = new HashSet<>();
    private int loops;

    TemplateParser(TokenStream tokens, Symbols symbols) {
        this.tokens = tokens;
        this.symbols = symbols;
        expressions = new ExpressionParser(tokens, symbols);
        targets = new TargetParser(tokens, symbols);
        loopParser = new LoopParser(tokens, symbols, expressions, this);
        macros = new MacroParser(tokens, symbols, expressions, this);
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
        return Block.of(statements);
    }

    private boolean atEnd(Set<String> ends) {
        return tokens.current().kind() == Kind.STATEMENT_BEGIN
                && tokens.ahead().kind() == Kind.NAME
                && ends.contains(tokens.ahead().text());
    }

    /** A block, and the statement that ends it. */
    Block blockUpTo(String end) {
        tokens.expect(Kind.STATEMENT_END, "'%}'");
        Block block = block(end);
        tokens.next();
        tokens.expectName(end);
        tokens.expect(Kind.STATEMENT_END, "'%}'");
        return block;
    }

    /** The body of a loop, up to what ends it. */
    Block loopBody() {
        loops++;
        Block body = block("else", "endfor");
        loops--;
        return body;
    }

    /** A body that runs on its own: it cannot jump out into a loop around it. */
    Block functionBody(String end) {
        int outer = loops;
        loops = 0;
        Block body = blockUpTo(end);
        loops = outer;
        return body;
    }

    private Statement statement() {
        Token token = tokens.next();
        return switch (token.kind()) {
            case TEXT -> new Statement.Literal(Text.of(token.text()));
            case OUTPUT_BEGIN -> output();
            default -> tagged(tokens.expect(Kind.NAME, "the name of a statement"));
        };
    }

    private Statement output() {
        Expression expression = expressions.tuple();
        tokens.expect(Kind.OUTPUT_END, "'}}'");
        return new Statement.Output(expression);
    }

    /** {@code print a, b}: an output of one after the other. */
    private Statement print() {
        List<Expression> expressions = new ArrayList<>();
        while (tokens.current().kind() != Kind.STATEMENT_END) {
            if (!expressions.isEmpty()) {
                tokens.expectOperator(",");
            }
            expressions.add(this.expressions.expression());
        }
        tokens.next();
        return new Statement.Output(new Expression.Concatenation(List.copyOf(expressions)));
    }

    private Statement autoescape(SymbolScope scope) {
        return new Statement.Autoescape(expressions.expression(), scope, blockUpTo("endautoescape"));
    }

    private Statement tagged(Token name) {
        return switch (name.text()) {
            case "if" -> conditional();
            case "for" -> loopParser.loop();
            case "set" -> assignment();
            case "macro" -> macros.macro();
            case "call" -> macros.call();
            case "filter" -> symbols.inside(this::filterBlock);
            case "with" -> with();
            case "generation" ->
                symbols.inside(
                        symbols.newFunction(), scope -> new Statement.Generation(scope, functionBody("endgeneration")));
            case "autoescape" -> symbols.inside(this::autoescape);
            case "print" -> print();
            case "block" -> namedBlock();
            case "include", "import", "from", "extends" -> loading(name.text());
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
        int unknowns = symbols.unknowns();
        List<Statement.If.Branch> branches = new ArrayList<>();
        Block otherwise = Block.EMPTY;
        symbols.current().beginBranches();
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
        symbols.current().endBranches();
        symbols.tolerateUnknownsSince(unknowns);
        return new Statement.If(List.copyOf(branches), otherwise);
    }

    private Statement assignment() {
        int begin = targets.skip(true);
        if (!tokens.skipOperator("=")) {
            Target target = targets.again(begin, true, symbols::store);
            return symbols.inside(scope -> blockAssignment(target, scope));
        }
        Expression value = expressions.tuple();
        Target target = targets.again(begin, true, symbols::store);
        tokens.expect(Kind.STATEMENT_END, "'%}'");
        return new Statement.Assignment(target, value);
    }

    private Statement blockAssignment(Target target, SymbolScope scope) {
        Filtering filtering = tokens.skipOperator("|") ? expressions.filtering() : null;
        return new Statement.BlockAssignment(target, filtering, scope, blockUpTo("endset"));
    }

    private Statement filterBlock(SymbolScope scope) {
        return new Statement.FilterBlock(expressions.filtering(), scope, blockUpTo("endfilter"));
    }

    private Statement with() {
        int head = tokens.position();
        List<Expression> values = new ArrayList<>();
        while (tokens.current().kind() != Kind.STATEMENT_END) {
            if (!values.isEmpty()) {
                tokens.expectOperator(",");
            }
            targets.skip(false);
            tokens.expectOperator("=");
            values.add(expressions.expression());
        }
        return symbols.inside(scope -> with(head, values, scope));
    }

    /** Reads the targets, now that the values are read, and the body. */
    private Statement with(int head, List<Expression> values, SymbolScope scope) {
        List<Statement.Assignment> assignments = new ArrayList<>();
        tokens.seek(head);
        for (Expression value : values) {
            tokens.skipOperator(",");
            Target target = targets.target(false, scope::store);
            tokens.expectOperator("=");
            symbols.ahead(_ -> expressions.expression());
            assignments.add(new Statement.Assignment(target, value));
        }
        return new Statement.With(List.copyOf(assignments), scope, blockUpTo("endwith"));
    }

    private Statement namedBlock() {
        Token name = tokens.expect(Kind.NAME, "the name of a block");
        if (!blockNames.add(name.text())) {
            throw new TemplateSyntaxException("block '" + name.text() + "' defined twice", name.line());
        }
        boolean scoped = tokens.skipName("scoped");
        boolean required = tokens.skipName("required");
        tokens.expect(Kind.STATEMENT_END, "'%}'");
        int outer = loops;
        loops = 0;
        Function<SymbolScope, Statement> body = scope -> new Statement.NamedBlock(scoped, scope, block("endblock"));
        Statement block = scoped ? symbols.inside(symbols.newFunction(), body) : symbols.insideBlock(body);
        loops = outer;
        tokens.next();
        tokens.expectName("endblock");
        tokens.skipName(name.text());
        tokens.expect(Kind.STATEMENT_END, "'%}'");
        return required ? new Statement.Loading("block " + name.text() + " required") : block;
    }

    /** A statement that needs another template: the rest of it is only looked through. */
    private Statement loading(String name) {
        if (name.equals("extends") && symbols.current() != symbols.root()) {
            throw new TemplateSyntaxException("cannot use 'extends' in an inner scope", tokens.line());
        }
        symbols.ahead(_ -> expressions.expression());
        while (tokens.current().kind() != Kind.STATEMENT_END) {
            Token token = tokens.next();
            if (token.kind() == Kind.NAME) {
                symbols.store(token.text());
            }
        }
        tokens.next();
        return new Statement.Loading(name);
    }
}
