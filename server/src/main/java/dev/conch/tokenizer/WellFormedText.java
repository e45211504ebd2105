package dev.conch.tokenizer;

/** Text that UTF-8 can express. */
final class WellFormedText {
    private static final char REPLACEMENT = '\uFFFD';

    private WellFormedText() {}

    /** Puts U+FFFD in the place of every surrogate that has no partner; the length stays as it is. */
    static String of(String text) {
        int first = indexOfUnpaired(text, 0);
        return first < 0 ? text : replaceFrom(first, text);
    }

    private static String replaceFrom(int first, String text) {
        StringBuilder wellFormed = new StringBuilder(text);
        for (int i = first; i >= 0; i = indexOfUnpaired(text, i + 1)) {
            wellFormed.setCharAt(i, REPLACEMENT);
        }
        return wellFormed.toString();
    }

    private static int indexOfUnpaired(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (Character.charCount(text.codePointAt(i)) == 1) {
                    return i;
                }
                i++;
            }
        }
        return -1;
    }
}
