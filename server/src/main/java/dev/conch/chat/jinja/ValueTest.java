package dev.conch.chat.jinja;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** What stands after {@code is}: says whether something is true of a value. */
@FunctionalInterface
interface ValueTest {

    /** Whether it is true; comparing is at the budget's expense. */
    boolean holds(Value input, Arguments arguments, Budget budget);

    /** Tests by name. */
    final class Registry {
        private static final Map<String, ValueTest> TESTS = tests();

        private Registry() {}

        /** The test that a template names by a value, while it is rendered. */
        static ValueTest find(String name) {
            ValueTest test = TESTS.get(name);
            if (test == null) {
                throw new TemplateException("no test named '" + name + "'");
            }
            return test;
        }

        static boolean has(String name) {
            return TESTS.containsKey(name);
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
            plain(
                    tests,
                    "callable",
                    value -> value instanceof Function || value instanceof Loop || value instanceof Undefined);
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
            plain(tests, "even", value -> isMultiple(value, Int.of(2), 0));
            plain(tests, "false", value -> value == Bool.FALSE);
            plain(
                    tests,
                    "filter",
                    value -> Dict.requireHashable(value) instanceof Text name && Filter.Registry.has(name.string()));
            plain(tests, "test", value -> Dict.requireHashable(value) instanceof Text name && has(name.string()));
            plain(tests, "lower", value -> value instanceof Text text && TextProperties.isLower(text));
            plain(tests, "odd", value -> isMultiple(value, Int.of(2), 1));
            plain(tests, "true", value -> value == Bool.TRUE);
            plain(tests, "upper", value -> value instanceof Text text && TextProperties.isUpper(text));
        }

        private static void addComparisons(Map<String, ValueTest> tests) {
            tests.put("divisibleby", (value, arguments, _) -> isMultiple(value, arguments.only("divisibleby"), 0));
            tests.put("sameas", (value, arguments, _) -> isSame(value, arguments.only("sameas")));
            comparison(tests, ComparisonOperator.EQUAL, "eq", "equalto", "==");
            comparison(tests, ComparisonOperator.NOT_EQUAL, "ne", "!=");
            comparison(tests, ComparisonOperator.LESS, "lt", "lessthan", "<");
            comparison(tests, ComparisonOperator.LESS_OR_EQUAL, "le", "<=");
            comparison(tests, ComparisonOperator.GREATER, "gt", "greaterthan", ">");
            comparison(tests, ComparisonOperator.GREATER_OR_EQUAL, "ge", ">=");
            comparison(tests, ComparisonOperator.IN, "in");
        }

        private static void plain(Map<String, ValueTest> tests, String name, Predicate<Value> test) {
            tests.put(name, (value, arguments, _) -> {
                arguments.accept(name, 0);
                return test.test(value);
            });
        }

        private static void comparison(Map<String, ValueTest> tests, ComparisonOperator operator, String... names) {
            for (String name : names) {
                tests.put(name, (value, arguments, budget) -> operator.holds(value, arguments.only(name), budget));
            }
        }

        private static boolean isMultiple(Value value, Value divisor, int remainder) {
            if (value instanceof Text) {
                throw TemplateException.type("not all arguments converted during string formatting");
            }
            return BinaryOperator.MODULO.numeric(value, divisor).equals(Int.of(remainder));
        }

        private static boolean isIterable(Value value) {
            return switch (value) {
                case Text _, Sequence _, Range _, Dict _, DictView _, Generator _, Undefined _, Loop _ -> true;
                case Numeric _, None _, Namespace _, Function _, Cycler _ -> false;
            };
        }

        private static boolean isSequence(Value value) {
            return switch (value) {
                case Text _, Sequence _, Range _, Dict _, Undefined _ -> true;
                case Numeric _, None _, Namespace _, Function _, Cycler _, Generator _, DictView _, Loop _ -> false;
            };
        }

        /** Identity: of numbers and texts, Python promises none, so equal ones of one type count as the same. */
        @SuppressWarnings("ReferenceEquality") // identity is what is asked for
        private static boolean isSame(Value left, Value right) {
            return switch (left) {
                case Dict dict -> dict.isSame(right);
                case Sequence sequence -> sequence.isSame(right);
                case Text _, Numeric _ -> left.type().equals(right.type()) && left.equals(right);
                default -> left == right;
            };
        }
    }
}
