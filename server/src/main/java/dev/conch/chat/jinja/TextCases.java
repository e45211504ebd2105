package dev.conch.chat.jinja;

import java.util.Locale;

/** Texts in other cases, by Python's rules. */
final class TextCases {
    private TextCases() {}

    /** First character in title case, the others in lower case. */
    static Text capitalize(Text self) {
        if (self.isEmpty()) {
            return self;
        }
        int first = self.string().offsetByCodePoints(0, 1);
        return self.derive(titleCase(self.string().codePointAt(0))
                + TextFilters.lower(self.sub(first)).string());
    }

    static Text title(Text self) {
        StringBuilder out = new StringBuilder();
        boolean inWord = false;
        for (int codePoint : self.string().codePoints().toArray()) {
            out.append(inWord ? Character.toString(codePoint).toLowerCase(Locale.ROOT) : titleCase(codePoint));
            inWord = TextProperties.isCased(codePoint);
        }
        return self.derive(out.toString());
    }

    /** Some letters become several: the first of them is upper case then, the others lower case. */
    private static String titleCase(int codePoint) {
        String upper = Character.toString(codePoint).toUpperCase(Locale.ROOT);
        if (upper.codePointCount(0, upper.length()) == 1) {
            return Character.toString(Character.toTitleCase(codePoint));
        }
        int first = upper.offsetByCodePoints(0, 1);
        return upper.substring(0, first) + upper.substring(first).toLowerCase(Locale.ROOT);
    }

    static Text swapCase(Text self) {
        StringBuilder out = new StringBuilder();
        self.string().codePoints().forEach(codePoint -> {
            String letter = Character.toString(codePoint);
            out.append(
                    Character.isUpperCase(codePoint)
                            ? letter.toLowerCase(Locale.ROOT)
                            : letter.toUpperCase(Locale.ROOT));
        });
        return self.derive(out.toString());
    }
}
