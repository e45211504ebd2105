package dev.conch.chat.jinja;

import dev.conch.chat.jinja.MacroDefinition.Signature;
import dev.conch.chat.jinja.Statement.Block;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code call(parameters) macro(arguments)}: calls a macro that may call the body back as {@code caller}. */
record CallBlock(Signature signature, Expression.Call call, Block body) implements Statement {

    @Override
    public Flow execute(Scope scope, TextBuilder out) {
        Arguments written = call.arguments().evaluate(scope);
        Map<String, Value> named = new LinkedHashMap<>(written.named());
        named.put("caller", signature.function(body, scope));
        Arguments arguments = new Arguments(written.from(0), named);
        Expression.Call.call(call.callee().evaluate(scope), arguments, scope).print(out);
        return Flow.NEXT;
    }
}
