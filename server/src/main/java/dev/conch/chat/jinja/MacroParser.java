package dev.conch.chat.jinja;

import dev.conch.chat.jinja.MacroDefinition.Macro;
import dev.conch.chat.jinja.MacroDefinition.Macro.Parameter;
import dev.conch.chat.jinja.Statement.Block;
import dev.conch.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses {@code macro} and {@code call}. */
final class MacroParser {
    private final TokenStream tokens;
    private final Symbols symbols;
    private final ExpressionParser expressions;
    private final TemplateParser blocks;

    MacroParser(TokenStream tokens, Symbols symbols, ExpressionParser expressions, TemplateParser blocks) {
        this.tokens = tokens;
        this.symbols = symbols;
        this.expressions = expressions;
        this.blocks = blocks;
    }

    Statement macro() {
        String name = tokens.expect(Kind.NAME, "the name of a macro").text();
        Reference variable = symbols.store(name);
        Macro macro = symbols.inside(symbols.newFunction(), scope -> body(name, scope, parameters(scope), "endmacro"));
        return new MacroDefinition(variable, macro);
    }

    Statement call() {
        int head = tokens.position();
        int line = tokens.line();
        symbols.ahead(this::optionalParameters);
        if (!(expressions.expression() instanceof Expression.Call call)) {
            throw new TemplateSyntaxException("expected a call after 'call'", line);
        }
        int end = tokens.position();
        tokens.seek(head);
        return symbols.inside(symbols.newFunction(), scope -> {
            List<Parameter> parameters = optionalParameters(scope);
            tokens.seek(end);
            return new CallBlock(body("caller", scope, parameters, "endcall"), call);
        });
    }

    private List<Parameter> optionalParameters(SymbolScope scope) {
        return tokens.current().isOperator("(") ? parameters(scope) : List.of();
    }

    private Macro body(String name, SymbolScope scope, List<Parameter> parameters, String end) {
        int line = tokens.line();
        Reference varargs = scope.parameterIfMentioned("varargs");
        Reference kwargs = scope.parameterIfMentioned("kwargs");
        Reference caller = scope.parameterIfMentioned("caller");
        scope.mentions().forget();
        Block body = blocks.functionBody(end);
        requireFallbackOfCaller(parameters, scope, line);
        return new Macro(
                name,
                scope,
                parameters,
                special("varargs", varargs, parameters, scope),
                special("kwargs", kwargs, parameters, scope),
                special("caller", caller, parameters, scope),
                body);
    }

    /** A macro accepts more than its parameters only if its body asks for it by one of these names. */
    private static @Nullable Reference special(
            String name, Reference variable, List<Parameter> parameters, SymbolScope scope) {
        boolean named =
                parameters.stream().anyMatch(parameter -> parameter.name().equals(name));
        return !named && scope.mentions().contains(name) ? variable : null;
    }

    private static void requireFallbackOfCaller(List<Parameter> parameters, SymbolScope scope, int line) {
        boolean bare = parameters.stream()
                .anyMatch(parameter -> parameter.name().equals("caller") && parameter.fallback() == null);
        if (bare && scope.mentions().contains("caller")) {
            throw new TemplateSyntaxException("the parameter 'caller' must be left out or have a default", line);
        }
    }

    private List<Parameter> parameters(SymbolScope scope) {
        tokens.expectOperator("(");
        List<Parameter> parameters = new ArrayList<>();
        while (!tokens.skipOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
            }
            parameters.add(parameter(scope, parameters));
        }
        return List.copyOf(parameters);
    }

    private Parameter parameter(SymbolScope scope, List<Parameter> before) {
        Token name = tokens.expect(Kind.NAME, "the name of a parameter");
        if (Set.of("true", "True", "false", "False", "none", "None").contains(name.text())) {
            throw new TemplateSyntaxException("can't assign to '" + name.text() + "'", name.line());
        }
        Reference variable = scope.parameter(name.text());
        if (tokens.skipOperator("=")) {
            return new Parameter(name.text(), variable, expressions.expression());
        }
        if (!before.isEmpty() && before.getLast().fallback() != null) {
            throw new TemplateSyntaxException("non-default argument follows default argument", name.line());
        }
        return new Parameter(name.text(), variable, null);
    }
}
