package dev.conch.chat.jinja;

import org.jspecify.annotations.Nullable;

/** Python's {@code markupsafe.Markup}: text that escapes the plain text it is put together with. */
final class Markup {
    private Markup() {}

    /** {@code left + right}. */
    static Text add(Text left, Text right, Budget budget) {
        boolean markup = left.markup() || right.markup();
        return markup ? escaped(left, budget).concat(escaped(right, budget), budget) : left.concat(right, budget);
    }

    /** A text as HTML shows it; Markup stays as it is. */
    static Text escaped(Text text, Budget budget) {
        return text.markup() ? text : forced(text, budget);
    }

    /** A text as HTML shows it, even if it is Markup. */
    static Text forced(Text text, Budget budget) {
        TextBuilder out = new TextBuilder(budget);
        String string = text.string();
        int plain = 0;
        for (int i = 0; i < string.length(); i++) {
            String entity = entity(string.charAt(i));
            if (entity != null) {
                out.append(text.sub(plain, i)).append(text.sub(i, i + 1).derive(entity));
                plain = i + 1;
            }
        }
        return out.append(text.sub(plain)).toText().asMarkup(true);
    }

    private static @Nullable String entity(char character) {
        return switch (character) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '\'' -> "&#39;";
            case '"' -> "&#34;";
            default -> null;
        };
    }
}
