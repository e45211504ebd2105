package dev.conch.chat.jinja;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Python's {@code str.format}, for fields without a format specification: {@code {}}, {@code {0}}, {@code {name}}. */
final class BraceFormat {
    private static final Pattern FIELD = Pattern.compile("\\{\\{|\\}\\}|\\{(\\w*)\\}|[{}]");

    private BraceFormat() {}

    static Text apply(Text format, Arguments arguments, Budget budget) {
        TextBuilder out = new TextBuilder(budget);
        Matcher matcher = FIELD.matcher(format.string());
        int copied = 0;
        int next = 0;
        while (matcher.find()) {
            out.append(format.sub(copied, matcher.start()));
            copied = matcher.end();
            String field = matcher.group(1);
            if (field == null) {
                out.append(format.sub(
                        matcher.start(),
                        matcher.start() + unescaped(format.string().substring(matcher.start(), matcher.end()))));
            } else {
                field(field.isEmpty() ? Integer.toString(next++) : field, arguments)
                        .print(out);
            }
        }
        return out.append(format.sub(copied)).toText().asMarkup(format.markup());
    }

    /** How much of a doubled brace is text. */
    private static int unescaped(String braces) {
        if (braces.length() != 2) {
            throw TemplateException.value("format: unsupported field or single brace '" + braces + "'");
        }
        return 1;
    }

    private static Value field(String field, Arguments arguments) {
        boolean position = field.codePoints().allMatch(Character::isDigit) && field.length() < 4;
        Value value = position
                ? positional(Integer.parseInt(field), arguments)
                : arguments.named().get(field);
        if (value == null) {
            throw new TemplateException("format: no argument for the field '" + field + "'");
        }
        return value;
    }

    private static @Nullable Value positional(int position, Arguments arguments) {
        return position < arguments.count() ? arguments.at(position) : null;
    }
}
