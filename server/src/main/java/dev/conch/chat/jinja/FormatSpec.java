package dev.conch.chat.jinja;

import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind the colon of a field of {@code str.format}: {@code [[fill]align][sign][z][#][0][width][grouping][.precision][type]}.
 * (Python's "format specification mini-language".)
 *
 * @param align {@code <}, {@code >}, {@code =}, {@code ^}; 0 if it is not said
 * @param sign {@code +}, {@code -}, a space; 0 if it is not said
 * @param grouping {@code ,} or {@code _}; 0 for none
 * @param precision negative: not said
 * @param type 0 if it is not said
 */
record FormatSpec(
        Text fill,
        char align,
        char sign,
        boolean alternate,
        boolean zeros,
        int width,
        char grouping,
        int precision,
        char type) {
    private static final Pattern SPEC = Pattern.compile(
            "(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\\d{0,9})([,_])?(?:\\.(\\d{1,9}))?([bcdeEfFgGnosxX%])?", Pattern.DOTALL);
    private static final int DEFAULT_PRECISION = 6;
    private static final int GROUP = 3;
    private static final int GROUP_OF_BITS = 4;

    static FormatSpec of(Text spec) {
        Matcher matcher = SPEC.matcher(spec.string());
        if (!matcher.matches()) {
            throw TemplateException.value("Invalid format specifier '" + spec + "'");
        }
        String width = part(matcher, 6);
        String precision = part(matcher, 8);
        boolean zeros = !part(matcher, 5).isEmpty();
        return new FormatSpec(
                fill(matcher, spec, zeros),
                letter(matcher, 2),
                letter(matcher, 3),
                !part(matcher, 4).isEmpty(),
                zeros,
                width.isEmpty() ? 0 : Integer.parseInt(width),
                letter(matcher, 7),
                precision.isEmpty() ? -1 : Integer.parseInt(precision),
                letter(matcher, 9));
    }

    /** The character to pad with, which is a client's if the client wrote it. */
    private static Text fill(Matcher matcher, Text spec, boolean zeros) {
        return part(matcher, 1).isEmpty() ? Text.of(zeros ? "0" : " ") : spec.sub(matcher.start(1), matcher.end(1));
    }

    private static String part(Matcher matcher, int group) {
        @Nullable String part = matcher.group(group);
        return part == null ? "" : part;
    }

    private static char letter(Matcher matcher, int group) {
        String part = part(matcher, group);
        return part.isEmpty() ? 0 : part.charAt(0);
    }

    /** {@code format(value, spec)}. */
    static Text format(Value value, Text spec, Budget budget) {
        if (spec.isEmpty()) {
            return value.text(budget);
        }
        return switch (value) {
            case Text text -> of(spec).text(text, budget);
            case Real real -> of(spec).real(real.value(), budget);
            case Numeric whole -> of(spec).whole(whole, budget);
            default ->
                throw TemplateException.type("unsupported format string passed to " + value.type() + ".__format__");
        };
    }

    private Text text(Text text, Budget budget) {
        if ((type != 0 && type != 's') || sign != 0 || alternate || grouping != 0 || align == '=') {
            throw TemplateException.value("Invalid format specifier for 'str'");
        }
        Text cut = precision < 0 ? text : text.slice(null, Int.of(precision), null);
        return pad("", cut, align == 0 ? '<' : align, budget);
    }

    private Text whole(Numeric number, Budget budget) {
        if (type != 0 && "eEfFgG%".indexOf(type) >= 0) {
            return real(number.toDouble(), budget);
        }
        if (precision >= 0) {
            throw TemplateException.value("Precision not allowed in integer format specifier");
        }
        return switch (type) {
            case 0, 'd', 'n' -> number(number.whole(), 10, "", budget);
            case 'b' -> number(number.whole(), 2, "0b", budget);
            case 'o' -> number(number.whole(), 8, "0o", budget);
            case 'x', 'X' -> number(number.whole(), 16, type == 'x' ? "0x" : "0X", budget);
            case 'c' -> pad("", Text.of(character(number.whole())), align == 0 ? '<' : align, budget);
            default -> throw unknown("int");
        };
    }

    static String character(BigInteger codePoint) {
        if (codePoint.bitLength() >= Integer.SIZE || !Character.isValidCodePoint(codePoint.intValue())) {
            throw new TemplateException("OverflowError: character not in range(0x110000)");
        }
        return Character.toString(codePoint.intValue());
    }

    private Text number(BigInteger value, int radix, String prefix, Budget budget) {
        if (radix != 10 && grouping == ',') {
            throw TemplateException.value("Cannot specify ',' with '" + type + "'.");
        }
        String digits = value.abs().toString(radix);
        String head = signOf(value.signum() < 0) + (alternate ? prefix : "");
        return padNumber(
                head,
                type == 'X' ? digits.toUpperCase(Locale.ROOT) : digits,
                "",
                radix == 10 ? GROUP : GROUP_OF_BITS,
                budget);
    }

    private Text real(double value, Budget budget) {
        if (type != 0 && "eEfFgGn%".indexOf(type) < 0) {
            throw unknown("float");
        }
        budget.build(Math.max(0, precision));
        String formatted = digits(value);
        boolean negative = formatted.startsWith("-");
        String magnitude = negative ? formatted.substring(1) : formatted;
        int whole = 0;
        while (whole < magnitude.length() && Character.isDigit(magnitude.charAt(whole))) {
            whole++;
        }
        return padNumber(signOf(negative), magnitude.substring(0, whole), magnitude.substring(whole), GROUP, budget);
    }

    private String digits(double value) {
        int digits = precision < 0 ? DEFAULT_PRECISION : precision;
        return switch (type) {
            case 0 -> precision < 0 ? new Real(value).pythonRepr() : RealFormat.untyped(value, precision);
            case '%' -> RealFormat.of(value * 100, 'f', digits, alternate) + "%";
            case 'n' -> RealFormat.of(value, 'g', digits, alternate);
            default -> RealFormat.of(value, type, digits, alternate);
        };
    }

    private TemplateException unknown(String kind) {
        return TemplateException.value("Unknown format code '" + type + "' for object of type '" + kind + "'");
    }

    private String signOf(boolean negative) {
        if (negative) {
            return "-";
        }
        return sign == 0 || sign == '-' ? "" : String.valueOf(sign);
    }

    /** Zeros that pad a number are grouped like its digits. */
    private Text padNumber(String head, String whole, String rest, int group, Budget budget) {
        budget.build(width);
        char how = align == 0 ? (zeros ? '=' : '>') : align;
        String digits = whole;
        if (how == '=' && fill.string().equals("0") && zeros && grouping != 0) {
            while (head.length() + grouped(digits, group).length() + rest.length() < width) {
                digits = "0" + digits;
            }
        }
        return pad(head, Text.of(grouped(digits, group) + rest), how, budget);
    }

    private String grouped(String digits, int group) {
        if (grouping == 0 || digits.length() <= group) {
            return digits;
        }
        StringBuilder out = new StringBuilder(digits);
        for (int i = digits.length() - group; i > 0; i -= group) {
            out.insert(i, grouping);
        }
        return out.toString();
    }

    private Text pad(String head, Text body, char how, Budget budget) {
        int missing = Math.max(0, width - head.length() - body.length());
        budget.build(missing);
        int left = switch (how) {
            case '<' -> 0;
            case '^' -> missing / 2;
            default -> missing;
        };
        Text before = repeat(left, budget);
        Text start = how == '=' ? Text.of(head).concat(before, budget) : before.concat(Text.of(head), budget);
        return start.concat(body, budget).concat(repeat(missing - left, budget), budget);
    }

    private Text repeat(int times, Budget budget) {
        return (Text) BinaryOperator.MULTIPLY.apply(fill, Int.of(times), budget);
    }
}
