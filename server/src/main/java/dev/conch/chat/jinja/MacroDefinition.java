package dev.conch.chat.jinja;

import dev.conch.chat.jinja.Statement.Block;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** {@code macro name(parameters)}: defines a function that returns what its body says. */
record MacroDefinition(int number, Signature signature, Block body) implements Statement {

    @Override
    public Flow execute(Scope scope, TextBuilder out) {
        scope.set(number, signature.function(body, scope));
        return Flow.NEXT;
    }

    /**
     * What a macro is called with.
     *
     * @param special numbers of the names {@code varargs}, {@code kwargs} and {@code caller}
     */
    record Signature(String name, List<Parameter> parameters, SpecialNames special) {

        /** A parameter and what it is if it is left out. */
        record Parameter(String name, int number, @Nullable Expression fallback) {}

        /** A macro accepts more arguments than it names only if its body asks for them by these names. */
        record SpecialNames(int varargs, int kwargs, int caller, Set<String> used) {}

        Function function(Block body, Scope definition) {
            return Function.macro(name, (arguments, rendering) -> {
                Scope scope = definition.inner();
                bind(arguments, scope);
                rendering.budget().enterCall();
                Text text = body.capture(scope);
                rendering.budget().leaveCall();
                return text;
            });
        }

        private void bind(Arguments arguments, Scope scope) {
            Map<String, Value> named = new LinkedHashMap<>(arguments.named());
            bindCaller(named, scope);
            for (int i = 0; i < parameters.size(); i++) {
                Parameter parameter = parameters.get(i);
                Value value = i < arguments.count() ? arguments.at(i) : named.remove(parameter.name);
                scope.set(parameter.number, value != null ? value : fallback(parameter, scope));
            }
            bindRest(arguments, named, scope);
        }

        private static Value fallback(Parameter parameter, Scope scope) {
            return parameter.fallback != null
                    ? parameter.fallback.evaluate(scope)
                    : Undefined.because("parameter '" + parameter.name + "' was not provided");
        }

        private void bindCaller(Map<String, Value> named, Scope scope) {
            if (special.used.contains("caller")) {
                Value caller = named.remove("caller");
                scope.set(special.caller, caller != null ? caller : Undefined.because("No caller defined"));
            }
        }

        private void bindRest(Arguments arguments, Map<String, Value> named, Scope scope) {
            if (special.used.contains("varargs")) {
                scope.set(
                        special.varargs,
                        Sequence.tuple(arguments.from(Math.min(parameters.size(), arguments.count()))));
            } else if (arguments.count() > parameters.size()) {
                throw TemplateException.type(
                        "macro '" + name + "' takes not more than " + parameters.size() + " argument(s)");
            }
            if (special.used.contains("kwargs")) {
                Map<Value, Value> rest = new LinkedHashMap<>();
                named.forEach((key, value) -> rest.put(Text.of(key), value));
                scope.set(special.kwargs, new Dict(rest));
            } else if (!named.isEmpty()) {
                throw TemplateException.type("macro '" + name + "' takes no keyword argument '"
                        + new ArrayList<>(new TreeSet<>(named.keySet())).getFirst() + "'");
            }
        }
    }
}
