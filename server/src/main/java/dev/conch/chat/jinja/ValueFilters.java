package dev.conch.chat.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;

/** Filters that look at a value as a whole. */
final class ValueFilters {
    private ValueFilters() {}

    static void register(Map<String, Filter> filters) {
        filters.put("abs", (input, arguments, _) -> arguments.none("abs", abs(input)));
        filters.put("attr", ValueFilters::attribute);
        filters.put("count", (input, arguments, _) -> arguments.none("count", Int.of(input.length())));
        filters.put("d", ValueFilters::fallback);
        filters.put("default", ValueFilters::fallback);
        filters.put("float", ValueFilters::real);
        filters.put("int", ValueFilters::integer);
        filters.put("length", (input, arguments, _) -> arguments.none("length", Int.of(input.length())));
        filters.put("round", ValueFilters::round);
        filters.put("tojson", ValueFilters::toJson);
    }

    private static Value fallback(Value input, Arguments arguments, Rendering rendering) {
        arguments.accept("default", 0, "default_value", "boolean");
        boolean absent =
                input instanceof Undefined || (arguments.optional(1, Bool.FALSE).truthy() && !input.truthy());
        return absent ? arguments.optional(0, Text.EMPTY) : input;
    }

    private static Value attribute(Value input, Arguments arguments, Rendering rendering) {
        String name = Arguments.asText("attr", arguments.only("attr")).string();
        if (input instanceof Undefined undefined) {
            throw undefined.failure();
        }
        Value value = input.attribute(name);
        return value == null ? Undefined.member(input, name) : value;
    }

    /** {@code json.dumps}, in the form that {@code transformers} puts in the place of Jinja's own filter. */
    private static Value toJson(Value input, Arguments arguments, Rendering rendering) {
        arguments.accept("tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys");
        JsonWriter.Style style = JsonWriter.Style.of(
                arguments.optional(0, Bool.FALSE).truthy(),
                arguments.optional(1, None.NONE),
                arguments.optional(2, None.NONE),
                arguments.optional(3, Bool.FALSE).truthy());
        return JsonWriter.write(input, style, rendering.budget());
    }

    private static Value abs(Value input) {
        return switch (input) {
            case Real real -> new Real(Math.abs(real.value()));
            case Numeric whole -> Int.of(whole.whole().abs());
            case Undefined undefined -> throw undefined.failure();
            default -> throw TemplateException.type("bad operand type for abs(): '" + input.type() + "'");
        };
    }

    private static Value integer(Value input, Arguments arguments, Rendering rendering) {
        arguments.accept("int", 0, "default", "base");
        Value fallback = arguments.optional(0, Int.of(0));
        int base = arguments.integer("int", 1, Int.of(10)).clamped();
        return switch (input) {
            case Real real ->
                Double.isFinite(real.value()) ? Int.of(real.exact().toBigInteger()) : fallback;
            case Numeric whole -> Int.of(whole.whole());
            case Text text -> PythonNumbers.integer(text.string(), base, fallback);
            case Undefined undefined -> throw undefined.failure();
            default -> fallback;
        };
    }

    private static Value real(Value input, Arguments arguments, Rendering rendering) {
        Value fallback = arguments.accept("float", 0, "default").optional(0, new Real(0));
        return switch (input) {
            case Numeric number -> new Real(number.toDouble());
            case Text text -> PythonNumbers.real(text.string(), fallback);
            case Undefined undefined -> throw undefined.failure();
            default -> fallback;
        };
    }

    private static Value round(Value input, Arguments arguments, Rendering rendering) {
        arguments.accept("round", 0, "precision", "method");
        int precision = Math.clamp(arguments.integer("round", 0, Int.of(0)).clamped(), -400, 400);
        RoundingMode mode =
                switch (arguments.text("round", 1, Text.of("common")).string()) {
                    case "common" -> RoundingMode.HALF_EVEN;
                    case "ceil" -> RoundingMode.CEILING;
                    case "floor" -> RoundingMode.FLOOR;
                    default -> throw new TemplateException("method must be common, ceil or floor");
                };
        if (!(input instanceof Numeric number) || !Double.isFinite(number.toDouble())) {
            throw TemplateException.type("type " + input.type() + " cannot be rounded");
        }
        BigDecimal rounded = number.exact().setScale(precision, mode);
        boolean common = mode == RoundingMode.HALF_EVEN;
        if (!(number instanceof Real) && common) {
            return Int.of(rounded.toBigInteger());
        }
        return new Real(common ? Math.copySign(rounded.doubleValue(), number.toDouble()) : rounded.doubleValue());
    }
}
