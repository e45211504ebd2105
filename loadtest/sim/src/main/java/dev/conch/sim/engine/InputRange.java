package dev.conch.sim.engine;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Map;

/**
 * The numbers that Conch's model takes in an input; of others it says what it expected. Immutable.
 *
 * @param low the least number; taken itself only if {@code withLow}
 * @param expected the range in the model's words
 */
record InputRange(double low, boolean withLow, double high, String expected) {
    private static final double LARGEST = 3.4e38;
    private static final InputRange FINITE = new InputRange(-LARGEST, true, LARGEST, "-3.4e+38 to 3.4e+38");

    /** By the names of the inputs. Those that the model refuses whatever they say are not here. */
    static final Map<String, InputRange> BY_INPUT = Map.ofEntries(
            Map.entry("temperature", new InputRange(0, true, LARGEST, "0 to 3.4e+38")),
            Map.entry("runtime_top_k", new InputRange(0, true, 1_024, "0 to 1024")),
            Map.entry("runtime_top_p", new InputRange(-LARGEST, true, 1, "-3.4e+38 to 1")),
            Map.entry("repetition_penalty", new InputRange(0, false, LARGEST, "> 0")),
            Map.entry("presence_penalty", FINITE),
            Map.entry("frequency_penalty", FINITE),
            Map.entry("min_tokens", new InputRange(0, true, Integer.MAX_VALUE, ">= 0")),
            Map.entry("num_return_sequences", new InputRange(1, true, 256, "1 to 256")),
            Map.entry("min_p", new InputRange(0, true, 1, "0 to 1")),
            Map.entry("num_logprobs", new InputRange(0, true, 100, "0 to 100")),
            Map.entry("no_repeat_ngram_size", new InputRange(0, true, 64, "0 to 64")));

    boolean contains(double value) {
        return value <= high && (withLow ? value >= low : value > low);
    }

    /** A number as the model writes it, which is Python's format {@code g}: six digits, without zeros behind the point. */
    static String text(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        BigDecimal digits = new BigDecimal(value).round(new MathContext(6)).stripTrailingZeros();
        int exponent = digits.precision() - digits.scale() - 1;
        return exponent >= -4 && exponent < 6
                ? digits.toPlainString()
                : "%se%+03d".formatted(digits.movePointLeft(exponent).toPlainString(), exponent);
    }
}
