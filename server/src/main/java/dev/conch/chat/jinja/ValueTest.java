package dev.conch.chat.jinja;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** What stands after {@code is}: says whether something is true of a value. */
@FunctionalInterface
interface ValueTest {

    boolean holds(Value input, Arguments arguments);

    /** Tests by name. */
    final class Registry {
        private static final Map<String, ValueTest> TESTS = tests();

        private Registry() {}

        /** The test of a name. One that Jinja does not know fails when it is used, as it does in Python. */
        static ValueTest find(String name, int line) {
            return TESTS.getOrDefault(name, (_, _) -> {
                throw new TemplateException("line " + line + ": no test named '" + name + "'");
            });
        }

        /** The test that a template names by a value, while it is rendered. */
        static ValueTest find(String name) {
            ValueTest test = TESTS.get(name);
            if (test == null) {
                throw new TemplateException("no test named '" + name + "'");
            }
            return test;
        }

        private static Map<String, ValueTest> tests() {
            Map<String, ValueTest> tests = new HashMap<>();
            addTypes(tests);
            addProperties(tests);
            addComparisons(tests);
            return Map.copyOf(tests);
        }

        private static void addTypes(Map<String, ValueTest> tests) {
            plain(tests, "boolean", value -> value instanceof Bool);
            plain(tests, "callable", value -> value instanceof Function || value instanceof Loop);
            plain(tests, "defined", value -> !(value instanceof Undefined));
            plain(tests, "float", value -> value instanceof Real);
            plain(tests, "integer", value -> value instanceof Int);
            plain(tests, "iterable", Registry::isIterable);
            plain(tests, "mapping", value -> value instanceof Dict);
            plain(tests, "none", value -> value == None.NONE);
            plain(tests, "number", value -> value instanceof Numeric);
            plain(tests, "sequence", Registry::isSequence);
            plain(tests, "string", value -> value instanceof Text);
            plain(tests, "undefined", value -> value instanceof Undefined);
        }

        private static void addProperties(Map<String, ValueTest> tests) {
            plain(tests, "escaped", value -> value instanceof Text text && text.markup());
            plain(tests, "even", value -> remainder(value, Int.of(2)).signum() == 0);
            plain(tests, "false", value -> value == Bool.FALSE);
            plain(
                    tests,
                    "filter",
                    value -> Filter.Registry.has(
                            Arguments.asText("filter", value).string()));
            plain(
                    tests,
                    "lower",
                    value -> value instanceof Text text
                            && TextMethods.isLower(text).truthy());
            plain(tests, "odd", value -> remainder(value, Int.of(2)).signum() != 0);
            plain(tests, "true", value -> value == Bool.TRUE);
            plain(
                    tests,
                    "upper",
                    value -> value instanceof Text text
                            && TextMethods.isUpper(text).truthy());
        }

        private static void addComparisons(Map<String, ValueTest> tests) {
            tests.put(
                    "divisibleby",
                    (value, arguments) ->
                            remainder(value, arguments.only("divisibleby")).signum() == 0);
            tests.put("sameas", (value, arguments) -> isSame(value, arguments.only("sameas")));
            comparison(tests, ComparisonOperator.EQUAL, "eq", "equalto", "==");
            comparison(tests, ComparisonOperator.NOT_EQUAL, "ne", "!=");
            comparison(tests, ComparisonOperator.LESS, "lt", "lessthan", "<");
            comparison(tests, ComparisonOperator.LESS_OR_EQUAL, "le", "<=");
            comparison(tests, ComparisonOperator.GREATER, "gt", "greaterthan", ">");
            comparison(tests, ComparisonOperator.GREATER_OR_EQUAL, "ge", ">=");
            comparison(tests, ComparisonOperator.IN, "in");
        }

        private static void plain(Map<String, ValueTest> tests, String name, Predicate<Value> test) {
            tests.put(name, (value, arguments) -> {
                arguments.accept(name, 0);
                return test.test(value);
            });
        }

        private static void comparison(Map<String, ValueTest> tests, ComparisonOperator operator, String... names) {
            for (String name : names) {
                tests.put(name, (value, arguments) -> operator.holds(value, arguments.only(name)));
            }
        }

        private static BigInteger remainder(Value value, Value divisor) {
            if (BinaryOperator.MODULO.numeric(value, divisor) instanceof Int remainder) {
                return remainder.whole();
            }
            throw TemplateException.type("'" + value.type() + "' object cannot be interpreted as an integer");
        }

        private static boolean isIterable(Value value) {
            return switch (value) {
                case Text _, Sequence _, Dict _, Generator _, Undefined _, Loop _ -> true;
                case Numeric _, None _, Namespace _, Function _ -> false;
            };
        }

        private static boolean isSequence(Value value) {
            return switch (value) {
                case Text _, Sequence _, Dict _, Undefined _ -> true;
                case Numeric _, None _, Namespace _, Function _, Generator _, Loop _ -> false;
            };
        }

        /** Identity: of numbers and texts, Python promises none, so equal ones of one type count as the same. */
        private static boolean isSame(Value left, Value right) {
            return left == right || (left.type().equals(right.type()) && !(left instanceof Dict) && left.equals(right));
        }
    }
}
