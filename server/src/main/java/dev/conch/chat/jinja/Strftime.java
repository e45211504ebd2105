package dev.conch.chat.jinja;

import java.time.Clock;
import java.time.DayOfWeek;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Python's {@code datetime.now().strftime(format)} in the C locale, which is that of glibc: {@code %}, flags that say how to pad or in
 * which case to write, a least width, and a letter. What glibc does not know it leaves as it is.
 */
final class Strftime {
    private static final Pattern DIRECTIVE = Pattern.compile("%([_0^#-]*)(\\d{0,3})([EO]?)(\\p{Alpha}|[%+])");
    /** The letters that an {@code E} or an {@code O} may stand before; neither changes anything in the C locale. */
    private static final String WITH_E = "cCxXyY%";

    private static final String WITH_O = "deHImMSuUVwWy%";
    private static final int MAX_FORMAT = 1000;

    private final ZonedDateTime now;

    private Strftime(ZonedDateTime now) {
        this.now = now;
    }

    static String format(String format, Clock clock) {
        if (format.length() > MAX_FORMAT) {
            throw new TemplateLimitException("characters of a date format", MAX_FORMAT);
        }
        return new Strftime(ZonedDateTime.now(clock)).format(format);
    }

    private String format(String format) {
        StringBuilder out = new StringBuilder();
        Matcher matcher = DIRECTIVE.matcher(format);
        int copied = 0;
        while (matcher.find()) {
            out.append(format, copied, matcher.start()).append(directive(matcher));
            copied = matcher.end();
        }
        return out.append(format.substring(copied)).toString();
    }

    private String directive(Matcher matcher) {
        String flags = String.valueOf(matcher.group(1));
        String width = String.valueOf(matcher.group(2));
        String allowed = switch (String.valueOf(matcher.group(3))) {
            case "E" -> WITH_E;
            case "O" -> WITH_O;
            default -> "";
        };
        char letter = String.valueOf(matcher.group(4)).charAt(0);
        String whole = String.valueOf(matcher.group());
        if (!allowed.isEmpty() && allowed.indexOf(letter) < 0) {
            return whole;
        }
        Field field = field(letter);
        if (field == null) {
            return whole;
        }
        return field.padded(flags, width.isEmpty() ? -1 : Integer.parseInt(width));
    }

    /**
     * What a letter means.
     *
     * @param digits how many a number has at least; 0: it is text
     */
    private record Field(String value, int digits, char padding) {

        String padded(String flags, int width) {
            char with = padding;
            boolean bare = false;
            String cased = value;
            for (int i = 0; i < flags.length(); i++) {
                switch (flags.charAt(i)) {
                    case '-' -> bare = true;
                    case '_' -> {
                        with = ' ';
                        bare = false;
                    }
                    case '0' -> {
                        with = '0';
                        bare = false;
                    }
                    case '^' -> cased = value.toUpperCase(Locale.ROOT);
                    default -> cased = swapped(value);
                }
            }
            int columns = width >= 0 ? width : bare ? 0 : digits;
            if (bare && width < 0) {
                return cased;
            }
            return String.valueOf(with).repeat(Math.max(0, columns - cased.length())) + cased;
        }

        /** {@code AM} becomes {@code am}; what is not all upper case becomes so. */
        private static String swapped(String value) {
            String upper = value.toUpperCase(Locale.ROOT);
            return value.equals(upper) ? value.toLowerCase(Locale.ROOT) : upper;
        }
    }

    private static Field number(long value, int digits) {
        return new Field(Long.toString(value), digits, '0');
    }

    private static Field blankPadded(long value) {
        return new Field(Long.toString(value), 2, ' ');
    }

    private static Field text(String value) {
        return new Field(value, 0, ' ');
    }

    private @Nullable Field field(char letter) {
        return switch (letter) {
            case 'a' -> text(now.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH));
            case 'A' -> text(now.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH));
            case 'b', 'h' -> text(now.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH));
            case 'B' -> text(now.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH));
            case 'c' -> text(format("%a %b %e %H:%M:%S %Y"));
            case 'C' -> number(now.getYear() / 100, 2);
            case 'd' -> number(now.getDayOfMonth(), 2);
            case 'D', 'x' -> text(format("%m/%d/%y"));
            case 'e' -> blankPadded(now.getDayOfMonth());
            case 'f' -> number(now.getNano() / 1000, 6);
            case 'F' -> text(format("%Y-%m-%d"));
            case 'g' -> number(now.get(IsoFields.WEEK_BASED_YEAR) % 100, 2);
            case 'G' -> number(now.get(IsoFields.WEEK_BASED_YEAR), 0);
            case 'H' -> number(now.getHour(), 2);
            case 'I' -> number(now.get(ChronoField.CLOCK_HOUR_OF_AMPM), 2);
            case 'j' -> number(now.getDayOfYear(), 3);
            case 'k' -> blankPadded(now.getHour());
            case 'l' -> blankPadded(now.get(ChronoField.CLOCK_HOUR_OF_AMPM));
            case 'm' -> number(now.getMonthValue(), 2);
            case 'M' -> number(now.getMinute(), 2);
            case 'n' -> text("\n");
            case 'p' -> text(now.getHour() < 12 ? "AM" : "PM");
            case 'P' -> text(now.getHour() < 12 ? "am" : "pm");
            case 'r' -> text(format("%I:%M:%S %p"));
            case 'R' -> text(format("%H:%M"));
            case 's' -> number(now.toEpochSecond(), 0);
            case 'S' -> number(now.getSecond(), 2);
            case 't' -> text("\t");
            case 'T', 'X' -> text(format("%H:%M:%S"));
            case 'u' -> number(now.getDayOfWeek().getValue(), 1);
            case 'U' -> number(week(DayOfWeek.SUNDAY), 2);
            case 'V' -> number(now.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2);
            case 'w' -> number(now.getDayOfWeek().getValue() % 7, 1);
            case 'W' -> number(week(DayOfWeek.MONDAY), 2);
            case 'y' -> number(now.getYear() % 100, 2);
            case 'Y' -> number(now.getYear(), 0);
            case 'z', 'Z' -> text("");
            case '%' -> text("%");
            default -> null;
        };
    }

    /** The week of the year, if weeks begin on some day and days before the first of them are in week 0. */
    private int week(DayOfWeek first) {
        int daysSinceFirst = Math.floorMod(now.getDayOfWeek().getValue() - first.getValue(), 7);
        return (now.getDayOfYear() + 6 - daysSinceFirst) / 7;
    }
}
