package dev.conch.chat.jinja;

import java.util.function.IntPredicate;

/** What Python's string methods {@code is...} say. */
final class TextProperties {
    private TextProperties() {}

    /** Whether there are characters and all of them have a property. */
    static boolean all(Text text, IntPredicate property) {
        return !text.isEmpty() && text.string().codePoints().allMatch(property);
    }

    static boolean isDecimal(int codePoint) {
        return Character.isDigit(codePoint);
    }

    /** Decimal digits, and those that stand alone: superscripts, circled ones. */
    @SuppressWarnings("CharacterGetNumericValue") // letters are sorted out by their category
    static boolean isDigit(int codePoint) {
        int value = Character.getNumericValue(codePoint);
        return isDecimal(codePoint)
                || (Character.getType(codePoint) == Character.OTHER_NUMBER && value >= 0 && value <= 9);
    }

    static boolean isNumeric(int codePoint) {
        int type = Character.getType(codePoint);
        return isDecimal(codePoint) || type == Character.OTHER_NUMBER || type == Character.LETTER_NUMBER;
    }

    static boolean isAlphanumeric(int codePoint) {
        return Character.isLetter(codePoint) || isNumeric(codePoint);
    }

    static boolean isIdentifier(Text text) {
        String string = text.string();
        return !string.isEmpty()
                && isNameStart(string.codePointAt(0))
                && string.codePoints().allMatch(Character::isUnicodeIdentifierPart);
    }

    static boolean isNameStart(int codePoint) {
        return codePoint == '_' || Character.isUnicodeIdentifierStart(codePoint);
    }

    static boolean isUpper(Text text) {
        String string = text.string();
        return string.codePoints().anyMatch(Character::isUpperCase)
                && string.codePoints().noneMatch(letter -> Character.isLowerCase(letter) || isTitle(letter));
    }

    static boolean isLower(Text text) {
        String string = text.string();
        return string.codePoints().anyMatch(Character::isLowerCase)
                && string.codePoints().noneMatch(letter -> Character.isUpperCase(letter) || isTitle(letter));
    }

    /** Each word begins with an upper-case letter and goes on in lower case. */
    static boolean isTitle(Text text) {
        boolean inWord = false;
        boolean cased = false;
        for (int codePoint : text.string().codePoints().toArray()) {
            boolean capital = Character.isUpperCase(codePoint) || isTitle(codePoint);
            if (capital ? inWord : Character.isLowerCase(codePoint) && !inWord) {
                return false;
            }
            inWord = isCased(codePoint);
            cased |= inWord;
        }
        return cased;
    }

    static boolean isCased(int codePoint) {
        return Character.isUpperCase(codePoint) || Character.isLowerCase(codePoint) || isTitle(codePoint);
    }

    private static boolean isTitle(int codePoint) {
        return Character.isTitleCase(codePoint);
    }
}
