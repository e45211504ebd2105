package dev.conch.chat.jinja;

import org.jspecify.annotations.Nullable;

/** Python's {@code str.format}: text with fields like {@code {}}, {@code {0.name}}, {@code {key[a]!r:>10}}. */
final class BraceFormat {
    private static final int MAX_NESTING = 2;

    private final Arguments arguments;
    private final @Nullable Dict mapping;
    private final Budget budget;
    private final boolean escapes;
    /** The number of the next field without a name; fields are numbered by the format or by the reader, not by both. */
    private int nextField;

    private boolean numbersItself;
    private boolean isNumbered;

    private BraceFormat(Arguments arguments, @Nullable Dict mapping, boolean escapes, Budget budget) {
        this.arguments = arguments;
        this.mapping = mapping;
        this.escapes = escapes;
        this.budget = budget;
    }

    static Text apply(Text format, Arguments arguments, Budget budget) {
        return new BraceFormat(arguments, null, format.markup(), budget).format(format, MAX_NESTING);
    }

    /** {@code str.format_map}. */
    static Text applyMap(Text format, Value mapping, Budget budget) {
        if (!(mapping instanceof Dict dict)) {
            throw TemplateException.type("format_map: expected dict, not '" + mapping.type() + "'");
        }
        return new BraceFormat(Arguments.NONE, dict, format.markup(), budget).format(format, MAX_NESTING);
    }

    private Text format(Text format, int nesting) {
        if (nesting == 0) {
            throw TemplateException.value("Max string recursion exceeded");
        }
        TextBuilder out = new TextBuilder(budget);
        String string = format.string();
        int at = 0;
        while (at < string.length()) {
            char brace = string.charAt(at);
            if (brace != '{' && brace != '}') {
                int end = nextBrace(string, at);
                out.append(format.sub(at, end));
                at = end;
            } else if (at + 1 < string.length() && string.charAt(at + 1) == brace) {
                out.append(format.sub(at, at + 1));
                at += 2;
            } else {
                int end = endOfField(string, at);
                out.append(field(format.sub(at + 1, end), nesting));
                at = end + 1;
            }
        }
        return out.toText().asMarkup(format.markup());
    }

    private static int nextBrace(String string, int from) {
        int at = from;
        while (at < string.length() && string.charAt(at) != '{' && string.charAt(at) != '}') {
            at++;
        }
        return at;
    }

    private static int endOfField(String string, int start) {
        if (string.charAt(start) == '}') {
            throw TemplateException.value("Single '}' encountered in format string");
        }
        int open = 0;
        for (int i = start; i < string.length(); i++) {
            open += string.charAt(i) == '{' ? 1 : string.charAt(i) == '}' ? -1 : 0;
            if (open == 0) {
                return i;
            }
        }
        throw TemplateException.value("expected '}' before end of string");
    }

    private Text field(Text field, int nesting) {
        String string = field.string();
        int nameEnd = endOfName(string);
        String name = string.substring(0, nameEnd);
        if (name.indexOf('{') >= 0) {
            throw TemplateException.value("unexpected '{' in field name");
        }
        Value value = value(name);
        int at = nameEnd;
        if (at < string.length() && string.charAt(at) == '!') {
            if (at + 1 == string.length() || (at + 2 < string.length() && string.charAt(at + 2) != ':')) {
                throw TemplateException.value("expected ':' after conversion specifier");
            }
            value = converted(value, string.charAt(at + 1));
            at += 2;
        }
        Text spec = at < string.length() ? format(field.sub(at + 1), nesting - 1) : Text.EMPTY;
        Text formatted = value instanceof Undefined ? undefined(spec) : FormatSpec.format(value, spec, budget);
        return escapes ? Markup.escaped(formatted, budget) : formatted;
    }

    private static Text undefined(Text spec) {
        if (!spec.isEmpty()) {
            throw TemplateException.type("unsupported format string passed to Undefined.__format__");
        }
        return Text.EMPTY;
    }

    /** A name ends at a conversion or a specification, unless that is part of an index. */
    private static int endOfName(String field) {
        boolean indexed = false;
        for (int i = 0; i < field.length(); i++) {
            char next = field.charAt(i);
            if (next == '[') {
                indexed = true;
            } else if (next == ']') {
                indexed = false;
            } else if (!indexed && (next == ':' || next == '!')) {
                return i;
            }
        }
        return field.length();
    }

    private Value converted(Value value, char conversion) {
        return switch (conversion) {
            case 's' -> value.text(budget);
            case 'r' -> value.representation(budget);
            case 'a' -> PythonRepr.ascii(value.representation(budget));
            default -> throw TemplateException.value("Unknown conversion specifier " + conversion);
        };
    }

    /** What a name like {@code 0.name[key]} means. */
    private Value value(String name) {
        int end = 0;
        while (end < name.length() && name.charAt(end) != '.' && name.charAt(end) != '[') {
            end++;
        }
        boolean bare = end == name.length();
        Value value = argument(name.substring(0, end), bare);
        while (end < name.length()) {
            boolean attribute = name.charAt(end) == '.';
            int stop = attribute ? endOfAttribute(name, end + 1) : name.indexOf(']', end);
            String step = stop < 0 ? "" : name.substring(end + 1, stop);
            if (step.isEmpty()) {
                throw TemplateException.value("Empty attribute in format string");
            }
            value = attribute
                    ? value.member(Text.of(step))
                    : value.element(isNumber(step) ? number(step) : Text.of(step));
            end = attribute ? stop : stop + 1;
            if (!attribute && end < name.length() && name.charAt(end) != '.' && name.charAt(end) != '[') {
                throw TemplateException.value("Only '.' or '[' may follow ']' in format field specifier");
            }
        }
        return value;
    }

    private static int endOfAttribute(String name, int from) {
        int end = from;
        while (end < name.length() && name.charAt(end) != '.' && name.charAt(end) != '[') {
            end++;
        }
        return end;
    }

    private static boolean isNumber(String name) {
        return !name.isEmpty() && name.length() < 10 && name.chars().allMatch(digit -> digit >= '0' && digit <= '9');
    }

    private static Int number(String digits) {
        return Int.of(Long.parseLong(digits));
    }

    private Value argument(String name, boolean bare) {
        if (!name.isEmpty() && !isNumber(name)) {
            Value value = mapping != null ? mapping.get(Text.of(name)) : arguments.named(name);
            return required(value, name);
        }
        numbersItself |= name.isEmpty();
        isNumbered |= bare && !name.isEmpty();
        if (numbersItself && isNumbered) {
            throw TemplateException.value("cannot mix automatic field numbering and manual field specification");
        }
        int position = name.isEmpty() ? nextField++ : Integer.parseInt(name);
        boolean given = mapping == null && position < arguments.count();
        return required(given ? arguments.at(position) : null, String.valueOf(position));
    }

    private static Value required(@Nullable Value value, String name) {
        if (value == null) {
            throw new TemplateException("IndexError or KeyError: no argument for the field '" + name + "'");
        }
        return value;
    }
}
