package dev.conch.constraint;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a schema says of its numbers. Engines enforce bounds, for whole numbers only whole ones, and no {@code multipleOf}: where it leaves few
 * values, they are told one by one. For one thread.
 */
final class NumberSchema {
    private static final BigDecimal LARGEST_BOUND = new BigDecimal("1e15");
    /** JavaScript's largest whole number, which tools for it write as the bound of every integer: no bound at all. */
    private static final BigDecimal NO_BOUND = new BigDecimal("9007199254740991");

    private static final Set<String> ENUMERABLE = Set.of("integer", "number", "null");

    private final Map<String, @Nullable Object> schema;
    private final List<String> types;
    private final Enforcement enforcement;
    private final Budget budget;
    private final Map<String, @Nullable Object> read;

    /**
     * @param types among which are whole numbers or all
     * @param read is given what engines enforce
     */
    NumberSchema(
            Map<String, @Nullable Object> schema,
            List<String> types,
            Enforcement enforcement,
            Budget budget,
            Map<String, @Nullable Object> read) {
        this.schema = schema;
        this.types = types;
        this.enforcement = enforcement;
        this.budget = budget;
        this.read = read;
    }

    void read(Place place) {
        BigDecimal low = bound("minimum", RoundingMode.CEILING, place);
        BigDecimal lowOpen = bound("exclusiveMinimum", RoundingMode.FLOOR, place);
        BigDecimal high = bound("maximum", RoundingMode.FLOOR, place);
        BigDecimal highOpen = bound("exclusiveMaximum", RoundingMode.CEILING, place);
        boolean empty = below(high, low, false)
                || below(highOpen, low, true)
                || below(high, lowOpen, true)
                || below(highOpen, lowOpen, true);
        if (empty) {
            throw Refusal.schema(place, "no number is within its bounds");
        }
        if (schema.get("multipleOf") instanceof Number step) {
            multiples(
                    new BigDecimal(step.toString()),
                    larger(low, lowOpen),
                    larger(negated(high), negated(highOpen)),
                    place);
        }
    }

    private boolean fractions() {
        return types.contains("number");
    }

    private @Nullable BigDecimal bound(String keyword, RoundingMode rounding, Place place) {
        if (!(schema.get(keyword) instanceof Number number)) {
            return null;
        }
        BigDecimal bound = new BigDecimal(number.toString());
        boolean tooLarge = bound.abs().compareTo(LARGEST_BOUND) > 0;
        if (isNone(keyword, bound) || (tooLarge && !enforcement.refuses())) {
            return null;
        }
        if (tooLarge) {
            throw Refusal.schema(place.member(keyword), "expected a bound between -1e15 and 1e15");
        }
        BigDecimal kept = fractions() ? bound : bound.setScale(0, rounding);
        read.put(keyword, plain(kept));
        return kept;
    }

    private static boolean isNone(String keyword, BigDecimal bound) {
        boolean lower = keyword.endsWith("inimum");
        return bound.abs().compareTo(NO_BOUND) >= 0 && (bound.signum() < 0) == lower;
    }

    private static boolean below(@Nullable BigDecimal high, @Nullable BigDecimal low, boolean open) {
        return high != null && low != null && (open ? high.compareTo(low) <= 0 : high.compareTo(low) < 0);
    }

    /** @param negatedHigh the upper bound, negated: what holds for the lower one holds for it */
    private void multiples(BigDecimal step, @Nullable BigDecimal low, @Nullable BigDecimal negatedHigh, Place place) {
        if (!fractions() && BigDecimal.ONE.remainder(step).signum() == 0) {
            return;
        }
        List<@Nullable Object> values = low == null || negatedHigh == null || !ENUMERABLE.containsAll(types)
                ? null
                : multiples(step, low, negatedHigh.negate());
        if (values != null && (enforcement.refuses() || budget.hasRoomForEnumValues(values.size() + 1))) {
            enumerate(values, place);
        } else if (enforcement.refuses()) {
            throw Refusal.schema(
                    place.member("multipleOf"),
                    "'multipleOf' is only supported for numbers between two bounds with at most %d multiples between them"
                            .formatted(Budget.MAX_MULTIPLES));
        }
    }

    private void enumerate(List<@Nullable Object> values, Place place) {
        if (values.isEmpty()) {
            throw Refusal.schema(place.member("multipleOf"), "no multiple is within the bounds");
        }
        if (types.contains("null")) {
            values.add(null);
        }
        budget.enumValues(values.size(), place.member("multipleOf"));
        read.clear();
        read.put("enum", values);
    }

    /** Those within the bounds, which are closed here; null: they are too many. */
    private @Nullable List<@Nullable Object> multiples(BigDecimal step, BigDecimal low, BigDecimal high) {
        BigDecimal first = low.divide(step, 0, RoundingMode.CEILING);
        BigDecimal last = high.divide(step, 0, RoundingMode.FLOOR);
        if (last.subtract(first).compareTo(BigDecimal.valueOf(Budget.MAX_MULTIPLES)) >= 0) {
            return null;
        }
        List<@Nullable Object> values = new ArrayList<>();
        for (BigDecimal factor = first; factor.compareTo(last) <= 0; factor = factor.add(BigDecimal.ONE)) {
            BigDecimal value = factor.multiply(step);
            if (conforms(value)) {
                values.add(plain(value));
            }
        }
        return values;
    }

    /** To the type, and to bounds that are open. */
    private boolean conforms(BigDecimal value) {
        return (fractions() || isWhole(value)) && !isAt("exclusiveMinimum", value) && !isAt("exclusiveMaximum", value);
    }

    private boolean isAt(String keyword, BigDecimal value) {
        return read.get(keyword) instanceof Number bound && new BigDecimal(bound.toString()).compareTo(value) == 0;
    }

    private static boolean isWhole(BigDecimal value) {
        return value.stripTrailingZeros().scale() <= 0;
    }

    private static Number plain(BigDecimal value) {
        return isWhole(value) ? (Number) value.longValue() : (Number) value.doubleValue();
    }

    private static @Nullable BigDecimal negated(@Nullable BigDecimal value) {
        return value == null ? null : value.negate();
    }

    private static @Nullable BigDecimal larger(@Nullable BigDecimal one, @Nullable BigDecimal other) {
        return one == null || other == null ? (one == null ? other : one) : one.max(other);
    }
}
