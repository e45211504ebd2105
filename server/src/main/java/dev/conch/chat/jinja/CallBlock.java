package dev.conch.chat.jinja;

import dev.conch.chat.jinja.MacroDefinition.Macro;
import dev.conch.chat.jinja.Statement.Flow;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code call(parameters) macro(arguments)}: calls a macro that may call the body back as {@code caller}. */
record CallBlock(Macro body, Expression.Call call) implements Statement {

    @Override
    public Flow execute(Scope scope, TextBuilder out) {
        Value callee = call.callee().evaluate(scope);
        Arguments written = call.arguments().evaluate(scope);
        Map<Text, Value> named = new LinkedHashMap<>(written.named());
        if (named.put(Text.of("caller"), body.function(scope)) != null) {
            throw TemplateException.type("got multiple values for keyword argument 'caller'");
        }
        Value said = Expression.Call.call(callee, new Arguments(written.from(0), named), scope);
        out.append(Arguments.asText("call", said));
        return Flow.NEXT;
    }
}
