package dev.conch.chat.jinja;

import dev.conch.chat.jinja.Statement.Block;
import dev.conch.chat.jinja.Statement.Flow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code macro name(parameters)}: defines a function that returns what its body says. */
record MacroDefinition(Reference variable, Macro macro) implements Statement {

    @Override
    public Flow execute(Scope scope, TextBuilder out) {
        variable.write(scope, macro.function(scope));
        return Flow.NEXT;
    }

    /**
     * The body of a macro or of a {@code call}, and what it is called with.
     *
     * @param varargs the variable for positional arguments beyond the parameters; null if the body does not ask for it by this name
     * @param kwargs the same for keyword arguments
     * @param caller the same for the body of a {@code call}
     */
    record Macro(
            String name,
            SymbolScope inside,
            List<Parameter> parameters,
            @Nullable Reference varargs,
            @Nullable Reference kwargs,
            @Nullable Reference caller,
            Block body) {

        /** A parameter and what it is if it is left out. */
        record Parameter(
                String name, Reference variable, @Nullable Expression fallback) {}

        Function function(Scope definition) {
            return Function.macro(this, (arguments, rendering) -> {
                Scope scope = inside.activation().open(definition);
                inside.enter(scope);
                rendering.budget().enterCall();
                bind(arguments, scope);
                Text text = body.capture(scope);
                rendering.budget().leaveCall();
                return text;
            });
        }

        private void bind(Arguments arguments, Scope scope) {
            Map<Text, Value> named = new LinkedHashMap<>(arguments.named());
            for (int i = 0; i < parameters.size(); i++) {
                Parameter parameter = parameters.get(i);
                Value value = i < arguments.count() ? arguments.at(i) : named.remove(Text.of(parameter.name));
                parameter.variable.write(scope, value);
            }
            bindCaller(named, scope);
            bindRest(arguments, named, scope);
            parameters.forEach(parameter -> fillIn(parameter, scope));
        }

        private static void fillIn(Parameter parameter, Scope scope) {
            if (parameter.variable.read(scope) == null) {
                Value value = parameter.fallback != null
                        ? parameter.fallback.evaluate(scope)
                        : Undefined.because("parameter '" + parameter.name + "' was not provided");
                parameter.variable.write(scope, value);
            }
        }

        private void bindCaller(Map<Text, Value> named, Scope scope) {
            if (caller != null) {
                Value value = named.remove(Text.of("caller"));
                boolean absent = value == null || value == None.NONE;
                caller.write(scope, absent ? Undefined.because("No caller defined") : value);
            }
        }

        private void bindRest(Arguments arguments, Map<Text, Value> named, Scope scope) {
            if (kwargs != null) {
                kwargs.write(scope, new Dict(new LinkedHashMap<>(named)));
            } else if (!named.isEmpty()) {
                throw TemplateException.type("macro '" + name + "' takes no keyword argument '"
                        + new ArrayList<>(named.keySet()).getFirst() + "'");
            }
            if (varargs != null) {
                varargs.write(scope, Sequence.tuple(arguments.from(Math.min(parameters.size(), arguments.count()))));
            } else if (arguments.count() > parameters.size()) {
                throw TemplateException.type(
                        "macro '" + name + "' takes not more than " + parameters.size() + " argument(s)");
            }
        }

        /** What a template can read of a macro. */
        @Nullable Value attribute(String attribute) {
            return switch (attribute) {
                case "name" -> Text.of(name);
                case "arguments" -> arguments();
                case "catch_kwargs" -> Bool.of(kwargs != null);
                case "catch_varargs" -> Bool.of(varargs != null);
                case "caller" -> Bool.of(caller != null);
                default -> null;
            };
        }

        private Value arguments() {
            List<Value> names = new ArrayList<>();
            parameters.forEach(parameter -> names.add(Text.of(parameter.name)));
            return Sequence.tuple(names);
        }
    }
}
