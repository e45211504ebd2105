package dev.conch.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a call as they are written.
 *
 * @param star {@code *more}: further positional arguments
 * @param doubleStar {@code **more}: further named arguments
 */
record ArgumentList(
        List<Expression> positional,
        Map<Text, Expression> named,
        @Nullable Expression star,
        @Nullable Expression doubleStar) {
    static final ArgumentList NONE = new ArgumentList(List.of(), Map.of(), null, null);

    Arguments evaluate(Scope scope) {
        boolean empty = positional.isEmpty() && named.isEmpty() && star == null && doubleStar == null;
        return empty ? Arguments.NONE : new Arguments(positionalValues(scope), namedValues(scope));
    }

    private List<Value> positionalValues(Scope scope) {
        List<Value> values = new ArrayList<>(positional.size());
        for (Expression expression : positional) {
            values.add(expression.evaluate(scope));
        }
        if (star != null) {
            star.evaluate(scope).iterate().forEachRemaining(values::add);
        }
        return values;
    }

    private Map<Text, Value> namedValues(Scope scope) {
        if (named.isEmpty() && doubleStar == null) {
            return Map.of();
        }
        Map<Text, Value> values = new LinkedHashMap<>();
        named.forEach((name, expression) -> values.put(name, expression.evaluate(scope)));
        Value more = Expression.evaluateOptional(doubleStar, scope);
        if (more instanceof Dict dict) {
            dict.entries().forEach((name, value) -> values.put(Arguments.asText("**", name), value));
        } else if (more != null) {
            throw TemplateException.type("argument after ** must be a mapping, not " + more.type());
        }
        return values;
    }
}
