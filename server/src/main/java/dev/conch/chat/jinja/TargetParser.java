package dev.conch.chat.jinja;

import dev.conch.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Parses what a value is assigned to. */
final class TargetParser {
    private static final Set<String> CONSTANTS = Set.of("true", "True", "false", "False", "none", "None");

    private final TokenStream tokens;
    private final Symbols symbols;

    TargetParser(TokenStream tokens, Symbols symbols) {
        this.tokens = tokens;
        this.symbols = symbols;
    }

    /**
     * One target, or several with commas between them.
     *
     * @param attributes whether {@code namespace.attribute} is one
     * @param naming how a name is noted
     */
    Target target(boolean attributes, Function<String, Reference> naming) {
        Target first = single(attributes, naming);
        if (!tokens.current().isOperator(",")) {
            return first;
        }
        List<Target> targets = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",") && !ends()) {
            targets.add(single(attributes, naming));
        }
        return new Target.Unpacked(List.copyOf(targets));
    }

    /** Reads over a target that is to be read once more: its names count only after what comes behind it. */
    int skip(boolean attributes) {
        int begin = tokens.position();
        symbols.ahead(scope -> target(attributes, scope::store));
        return begin;
    }

    /** Goes back to a target, reads it, and goes on where it was. */
    Target again(int begin, boolean attributes, Function<String, Reference> naming) {
        int position = tokens.position();
        tokens.seek(begin);
        Target target = target(attributes, naming);
        tokens.seek(position);
        return target;
    }

    private boolean ends() {
        return tokens.current().isName("in")
                || tokens.current().isOperator("=")
                || tokens.current().isOperator(")")
                || tokens.current().kind() == Kind.STATEMENT_END;
    }

    private Target single(boolean attributes, Function<String, Reference> naming) {
        if (tokens.skipOperator("(")) {
            Target inner = target(attributes, naming);
            tokens.expectOperator(")");
            return inner;
        }
        Token name = tokens.expect(Kind.NAME, "a name to assign to");
        if (attributes && tokens.skipOperator(".")) {
            Expression.Variable namespace = new Expression.Variable(symbols.load(name.text()), name.text());
            return new Target.Attribute(
                    namespace,
                    tokens.expect(Kind.NAME, "the name of an attribute").text());
        }
        if (CONSTANTS.contains(name.text())) {
            throw new TemplateSyntaxException("can't assign to '" + name.text() + "'", name.line());
        }
        return new Target.Name(naming.apply(name.text()));
    }
}
