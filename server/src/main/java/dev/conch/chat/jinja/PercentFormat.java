package dev.conch.chat.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's {@code format % values}, with the conversions s, r, d, i, f and %, and the flags - and 0. */
final class PercentFormat {
    private static final Pattern CONVERSION =
            Pattern.compile("%(?:\\((\\w+)\\))?([-0]*)(\\d{0,3})(?:\\.(\\d{1,3}))?(.)", Pattern.DOTALL);
    private static final int DEFAULT_PRECISION = 6;

    private PercentFormat() {}

    static Text apply(Text format, Value values, Budget budget) {
        Iterator<Value> arguments = values instanceof Sequence tuple && tuple.isTuple()
                ? tuple.iterate()
                : List.of(values).iterator();
        TextBuilder out = new TextBuilder(budget);
        Matcher matcher = CONVERSION.matcher(format.string());
        int copied = 0;
        while (matcher.find(copied)) {
            out.append(format.sub(copied, matcher.start()));
            out.append(group(matcher, 5).equals("%") ? Text.of("%") : convert(matcher, values, arguments, budget));
            copied = matcher.end();
        }
        if (arguments.hasNext() && !(values instanceof Dict)) {
            throw TemplateException.type("not all arguments converted during string formatting");
        }
        return out.append(format.sub(copied)).toText().asMarkup(format.markup());
    }

    private static Text convert(Matcher matcher, Value values, Iterator<Value> arguments, Budget budget) {
        Value value = argument(matcher, values, arguments);
        Text converted = switch (group(matcher, 5)) {
            case "s" -> cut(value.text(budget), group(matcher, 4));
            case "r" -> cut(value.representation(budget), group(matcher, 4));
            case "d", "i" -> Text.of(whole(value));
            case "f" -> Text.of(fixed(value, group(matcher, 4)));
            default -> throw TemplateException.value("unsupported format character '" + group(matcher, 5) + "'");
        };
        return pad(converted, group(matcher, 2), group(matcher, 3), budget);
    }

    /** A part of the conversion; empty if it is not there. */
    private static String group(Matcher matcher, int group) {
        return Objects.requireNonNullElse(matcher.group(group), "");
    }

    private static Value argument(Matcher matcher, Value values, Iterator<Value> arguments) {
        String key = group(matcher, 1);
        if (!key.isEmpty()) {
            Value value = values instanceof Dict dict ? dict.get(Text.of(key)) : null;
            if (value == null) {
                throw TemplateException.type("format requires a mapping with the key '" + key + "'");
            }
            return value;
        }
        if (!arguments.hasNext()) {
            throw TemplateException.type("not enough arguments for format string");
        }
        return arguments.next();
    }

    private static Text cut(Text text, String precision) {
        return precision.isEmpty() ? text : text.slice(null, Int.of(Long.parseLong(precision)), null);
    }

    private static String whole(Value value) {
        return requireNumber(value).exact().toBigInteger().toString();
    }

    private static String fixed(Value value, String precision) {
        int digits = precision.isEmpty() ? DEFAULT_PRECISION : Integer.parseInt(precision);
        BigDecimal exact = requireNumber(value).exact();
        return exact.setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
    }

    private static Numeric requireNumber(Value value) {
        if (value instanceof Numeric number && Double.isFinite(number.toDouble())) {
            return number;
        }
        throw TemplateException.type("a number is required, not " + value.type());
    }

    private static Text pad(Text text, String flags, String width, Budget budget) {
        int missing = width.isEmpty() ? 0 : Integer.parseInt(width) - text.length();
        if (missing <= 0) {
            return text;
        }
        if (flags.contains("-")) {
            return text.concat(Text.of(" ".repeat(missing)), budget);
        }
        boolean zeros = flags.contains("0") && !text.string().startsWith("-");
        return Text.of((zeros ? "0" : " ").repeat(missing)).concat(text, budget);
    }
}
