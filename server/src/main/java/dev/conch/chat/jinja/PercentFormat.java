package dev.conch.chat.jinja;

import java.math.BigInteger;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Python's {@code format % values}. */
final class PercentFormat {
    private static final Pattern CONVERSION = Pattern.compile(
            "%(?:\\(([^()]*)\\))?([-+ #0]*)(\\*|\\d{0,9})(?:\\.(\\*|\\d{0,9}))?[hlL]?(.)", Pattern.DOTALL);
    private static final int DEFAULT_PRECISION = 6;

    private final Text format;
    private final Value values;
    private final Iterator<Value> arguments;
    private final Budget budget;
    private boolean readsByKey;

    private PercentFormat(Text format, Value values, Budget budget) {
        this.format = format;
        this.values = values;
        this.budget = budget;
        arguments = values instanceof Sequence tuple && tuple.isTuple()
                ? tuple.iterate()
                : List.of(values).iterator();
    }

    static Text apply(Text format, Value values, Budget budget) {
        return new PercentFormat(format, values, budget).run();
    }

    private Text run() {
        TextBuilder out = new TextBuilder(budget);
        Matcher matcher = CONVERSION.matcher(format.string());
        int copied = 0;
        for (int at = next(0); at >= 0; at = next(copied)) {
            if (!matcher.find(at) || matcher.start() != at) {
                throw TemplateException.value("incomplete format");
            }
            out.append(format.sub(copied, at));
            out.append(new Conversion(matcher).convert());
            copied = matcher.end();
        }
        if (arguments.hasNext() && !canBeLeft()) {
            throw TemplateException.type("not all arguments converted during string formatting");
        }
        return out.append(format.sub(copied)).toText().asMarkup(format.markup());
    }

    private int next(int from) {
        return format.string().indexOf('%', from);
    }

    /** What has keys or indexes may be looked at in part or not at all. */
    private boolean canBeLeft() {
        return switch (values) {
            case Dict _, Range _, Undefined _ -> true;
            case Sequence sequence -> !sequence.isTuple();
            default -> false;
        };
    }

    private Value nextArgument() {
        if (readsByKey || !arguments.hasNext()) {
            throw TemplateException.type("not enough arguments for format string");
        }
        return arguments.next();
    }

    /** One {@code %(key)#0- +width.precision type}. */
    private final class Conversion {
        private final String key;
        private final boolean keyed;
        private final String flags;
        private final String width;
        private final String precision;
        private final boolean precise;
        private final char type;
        private final boolean literal;

        Conversion(Matcher matcher) {
            keyed = matcher.group(1) != null;
            key = group(matcher, 1);
            flags = group(matcher, 2);
            width = group(matcher, 3);
            precise = matcher.group(4) != null;
            precision = group(matcher, 4);
            type = group(matcher, 5).charAt(0);
            literal = "%%".equals(matcher.group());
        }

        private static String group(Matcher matcher, int group) {
            return Objects.requireNonNullElse(matcher.group(group), "");
        }

        Text convert() {
            int columns = size(width);
            boolean left = flags.contains("-") || columns < 0;
            int digits = precise ? Math.max(0, size(precision)) : -1;
            if (literal) {
                return Text.of("%");
            }
            Value value = keyed ? entry() : nextArgument();
            budget.build(Math.max(0, digits));
            return switch (type) {
                case 's' -> pad(plain(value, digits), Math.abs(columns), left);
                case 'r' -> pad(escaped(cut(value.representation(budget), digits)), Math.abs(columns), left);
                case 'a' ->
                    pad(escaped(cut(PythonRepr.ascii(value.representation(budget)), digits)), Math.abs(columns), left);
                case 'c' -> pad(character(value), Math.abs(columns), left);
                default -> padNumber(number(value, digits), Math.abs(columns), left);
            };
        }

        private Text plain(Value value, int digits) {
            return format.markup()
                    ? cut(Markup.escaped(value.text(budget), budget), digits)
                    : cut(value.text(budget), digits);
        }

        private Text escaped(Text text) {
            return format.markup() ? Markup.escaped(text, budget) : text;
        }

        private int size(String digits) {
            if (digits.equals("*")) {
                return Arguments.asInteger("*", nextArgument()).clamped();
            }
            return digits.isEmpty() ? 0 : Integer.parseInt(digits);
        }

        private Value entry() {
            readsByKey = true;
            if (!(values instanceof Dict dict)) {
                throw TemplateException.type("format requires a mapping");
            }
            @Nullable Value value = dict.get(Text.of(key));
            if (value == null) {
                throw new TemplateException("KeyError: '" + key + "'");
            }
            return value;
        }

        private Text cut(Text text, int digits) {
            return precise ? text.slice(null, Int.of(digits), null) : text;
        }

        private Text character(Value value) {
            if (value instanceof Text text && text.length() == 1) {
                return text;
            }
            if (value instanceof Int || value instanceof Bool) {
                return Text.of(FormatSpec.character(((Numeric) value).whole()));
            }
            throw TemplateException.type("%c requires int or char");
        }

        /** The number, its sign first. */
        private String number(Value value, int digits) {
            if (!(value instanceof Numeric number)) {
                throw value instanceof Undefined undefined
                        ? undefined.failure()
                        : TemplateException.type("%" + type + " format: a number is required, not " + value.type());
            }
            String formatted = switch (type) {
                case 'd', 'i', 'u' -> whole(truncated(number).toString(), digits);
                case 'o' -> radix(number, 8, "0o", digits);
                case 'x', 'X' -> radix(number, 16, "0x", digits);
                case 'e', 'E', 'f', 'F', 'g', 'G' ->
                    RealFormat.of(number.toDouble(), type, precise ? digits : DEFAULT_PRECISION, flags.contains("#"));
                default -> throw TemplateException.value("unsupported format character '" + type + "'");
            };
            boolean negative = formatted.startsWith("-");
            String sign = flags.contains("+") ? "+" : flags.contains(" ") ? " " : "";
            return negative ? formatted : sign + formatted;
        }

        private BigInteger truncated(Numeric number) {
            if (!Double.isFinite(number.toDouble()) && number instanceof Real) {
                throw new TemplateException("OverflowError: cannot convert float infinity to integer");
            }
            return number.exact().toBigInteger();
        }

        private String radix(Numeric number, int radix, String prefix, int digits) {
            String magnitude = whole(number.whole().abs().toString(radix), digits);
            String sign = number.whole().signum() < 0 ? "-" : "";
            String formatted = sign + (flags.contains("#") ? prefix : "") + magnitude;
            return type == 'X' ? formatted.toUpperCase(Locale.ROOT) : formatted;
        }

        /** At least so many digits. */
        private static String whole(String number, int digits) {
            String sign = number.startsWith("-") ? "-" : "";
            String magnitude = number.substring(sign.length());
            return sign + "0".repeat(Math.max(0, digits - magnitude.length())) + magnitude;
        }

        private Text padNumber(String number, int columns, boolean left) {
            int missing = columns - number.length();
            if (left || !flags.contains("0") || missing <= 0) {
                return pad(Text.of(number), columns, left);
            }
            budget.build(missing);
            int head = !number.isEmpty() && "+- ".indexOf(number.charAt(0)) >= 0 ? 1 : 0;
            head += number.regionMatches(true, head, "0x", 0, 2) || number.startsWith("0o", head) ? 2 : 0;
            return Text.of(number.substring(0, head) + "0".repeat(missing) + number.substring(head));
        }

        private Text pad(Text text, int columns, boolean left) {
            int missing = columns - text.length();
            if (missing <= 0) {
                return text;
            }
            budget.build(missing);
            Text blanks = Text.of(" ".repeat(missing));
            return left ? text.concat(blanks, budget) : blanks.concat(text, budget);
        }
    }
}
