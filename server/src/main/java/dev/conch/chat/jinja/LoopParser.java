package dev.conch.chat.jinja;

import dev.conch.chat.jinja.ForLoop.Condition;
import dev.conch.chat.jinja.ForLoop.Otherwise;
import dev.conch.chat.jinja.Statement.Block;
import dev.conch.chat.jinja.Symbols.Activation;
import dev.conch.chat.jinja.Token.Kind;
import org.jspecify.annotations.Nullable;

/** Parses {@code for}. Its head is read twice: only its end says whether the scopes in it are those of a function. */
final class LoopParser {
    private final TokenStream tokens;
    private final Symbols symbols;
    private final ExpressionParser expressions;
    private final TargetParser targets;
    private final TemplateParser blocks;

    LoopParser(TokenStream tokens, Symbols symbols, ExpressionParser expressions, TemplateParser blocks) {
        this.tokens = tokens;
        this.symbols = symbols;
        this.expressions = expressions;
        this.blocks = blocks;
        targets = new TargetParser(tokens, symbols);
    }

    Statement loop() {
        int head = tokens.position();
        boolean recursive = symbols.ahead(_ -> isRecursive());
        tokens.seek(head);
        Activation function =
                recursive ? symbols.newFunction() : symbols.current().activation();
        targets.skip(false);
        tokens.expectName("in");
        Expression iterable = iterable();
        Condition condition = tokens.skipName("if") ? condition(head, function) : null;
        tokens.skipName("recursive");
        tokens.expect(Kind.STATEMENT_END, "'%}'");
        return symbols.inside(function, scope -> loop(head, iterable, condition, recursive, scope));
    }

    private boolean isRecursive() {
        targets.skip(false);
        tokens.expectName("in");
        iterable();
        if (tokens.skipName("if")) {
            expressions.expression();
        }
        return tokens.skipName("recursive");
    }

    private Expression iterable() {
        return expressions.tupleWithoutCondition("recursive");
    }

    private Condition condition(int head, Activation function) {
        return symbols.inside(function, scope -> {
            Target target = targets.again(head, false, scope::parameter);
            return new Condition(scope, target, expressions.expression());
        });
    }

    private Statement loop(
            int head, Expression iterable, @Nullable Condition condition, boolean recursive, SymbolScope scope) {
        Reference state = scope.implicit("loop");
        Target target = targets.again(head, false, scope::parameter);
        Block body = blocks.loopBody();
        if (scope.mentions().isStored("loop")) {
            throw new TemplateSyntaxException("can't assign to special loop variable", tokens.line());
        }
        boolean asksForState = recursive || scope.mentions().contains("loop");
        Otherwise otherwise = symbols.beside(scope, this::otherwise);
        return new ForLoop(target, iterable, condition, recursive, asksForState ? state : null, scope, body, otherwise);
    }

    private Otherwise otherwise(SymbolScope scope) {
        tokens.next();
        if (tokens.skipName("else")) {
            return new Otherwise(scope, blocks.blockUpTo("endfor"));
        }
        tokens.expectName("endfor");
        tokens.expect(Kind.STATEMENT_END, "'%}'");
        return new Otherwise(scope, Block.EMPTY);
    }
}
