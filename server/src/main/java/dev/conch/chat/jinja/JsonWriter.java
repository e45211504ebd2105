package dev.conch.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's {@code json.dumps}. A string that a client wrote, in whole or in part, stays a client's when it is written. */
final class JsonWriter {
    private final Style style;
    private final TextBuilder out;

    private JsonWriter(Style style, TextBuilder out) {
        this.style = style;
        this.out = out;
    }

    /**
     * How JSON is laid out.
     *
     * @param indent what each level is indented by; null: all on one line
     */
    record Style(boolean ensureAscii, @Nullable Text indent, Text itemSeparator, Text keySeparator, boolean sortKeys) {

        /** A layout from the keyword arguments of {@code json.dumps}. */
        static Style of(boolean ensureAscii, Value indent, Value separators, boolean sortKeys) {
            Text step = indent(indent);
            if (separators == None.NONE) {
                return new Style(ensureAscii, step, Text.of(step == null ? ", " : ","), Text.of(": "), sortKeys);
            }
            if (!(separators instanceof Sequence pair) || pair.length() != 2) {
                throw TemplateException.value("separators: expected (item_separator, key_separator)");
            }
            Text item = Arguments.asText("separators", pair.elements().get(0));
            Text key = Arguments.asText("separators", pair.elements().get(1));
            return new Style(ensureAscii, step, item, key, sortKeys);
        }

        private static @Nullable Text indent(Value indent) {
            return switch (indent) {
                case None.NONE -> null;
                case Text text -> text;
                default ->
                    Text.of(" "
                            .repeat(Math.clamp(
                                    Arguments.asInteger("indent", indent).clamped(), 0, 64)));
            };
        }
    }

    static Text write(Value value, Style style, Budget budget) {
        TextBuilder out = new TextBuilder(budget);
        new JsonWriter(style, out).value(value, 0);
        return out.toText();
    }

    private void value(Value value, int level) {
        out.budget().requireDepth(level);
        switch (value) {
            case None.NONE -> out.append("null");
            case Bool bool -> out.append(bool.truthy() ? "true" : "false");
            case Int integer -> integer.print(out);
            case Real real -> out.append(number(real));
            case Text text -> string(text);
            case Sequence sequence -> array(sequence, level + 1);
            case Dict dict -> object(dict, level + 1);
            default -> throw TemplateException.type("Object of type " + value.type() + " is not JSON serializable");
        }
    }

    private void array(Sequence sequence, int level) {
        out.append("[");
        boolean first = true;
        for (Value element : sequence.elements()) {
            separate(first, level);
            value(element, level);
            first = false;
        }
        close(first, level, "]");
    }

    private void object(Dict dict, int level) {
        out.append("{");
        boolean first = true;
        for (Map.Entry<Value, Value> entry :
                style.sortKeys ? sorted(dict) : dict.entries().entrySet()) {
            separate(first, level);
            string(key(entry.getKey()));
            out.append(style.keySeparator);
            value(entry.getValue(), level);
            first = false;
        }
        close(first, level, "}");
    }

    private List<Map.Entry<Value, Value>> sorted(Dict dict) {
        List<Map.Entry<Value, Value>> entries = new ArrayList<>(dict.entries().entrySet());
        entries.sort((left, right) -> ComparisonOperator.order(left.getKey(), right.getKey(), out.budget()));
        return entries;
    }

    private static Text key(Value key) {
        return switch (key) {
            case Text text -> text;
            case None.NONE -> Text.of("null");
            case Bool bool -> Text.of(bool.truthy() ? "true" : "false");
            case Int integer -> Text.of(integer.whole().toString());
            case Real real -> Text.of(number(real));
            default -> throw TemplateException.type("keys must be str, int, float, bool or None, not " + key.type());
        };
    }

    private void separate(boolean first, int level) {
        if (!first) {
            out.append(style.itemSeparator);
        }
        breakLine(level);
    }

    private void close(boolean empty, int level, String bracket) {
        if (!empty) {
            breakLine(level - 1);
        }
        out.append(bracket);
    }

    private void breakLine(int level) {
        if (style.indent != null) {
            out.append("\n");
            for (int i = 0; i < level; i++) {
                out.append(style.indent);
            }
        }
    }

    private static String number(Real real) {
        if (Double.isFinite(real.value())) {
            return real.pythonRepr();
        }
        return Double.isNaN(real.value()) ? "NaN" : real.value() > 0 ? "Infinity" : "-Infinity";
    }

    private void string(Text text) {
        out.append("\"");
        String string = text.string();
        int plain = 0;
        for (int i = 0; i < string.length(); i++) {
            String escape = escape(string.charAt(i));
            if (escape != null) {
                out.append(text.sub(plain, i).asMarkup(false))
                        .append(text.sub(i, i + 1).derive(escape));
                plain = i + 1;
            }
        }
        out.append(text.sub(plain)).append("\"");
    }

    private @Nullable String escape(char character) {
        return switch (character) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '\f' -> "\\f";
            case '\b' -> "\\b";
            default ->
                character < ' ' || (style.ensureAscii && character > '~') ? "\\u%04x".formatted((int) character) : null;
        };
    }
}
