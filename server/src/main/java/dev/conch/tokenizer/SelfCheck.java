package dev.conch.tokenizer;

import java.util.Arrays;
import java.util.Iterator;

/** Compares two text models on a fixed set of texts. */
final class SelfCheck {
    /** Goes up whenever the texts change. */
    static final int VERSION = 1;

    private SelfCheck() {}

    /** Encodes the texts with both, up to the first on which they differ. A model that throws differs. */
    static Verdict compare(TextModel candidate, TextModel reference) {
        int number = 0;
        for (Iterator<String> texts = new SelfCheckTexts().iterator(); texts.hasNext(); number++) {
            String text = texts.next();
            if (!Arrays.equals(idsOrNothing(candidate, text), ids(reference, text))) {
                return new Verdict(number);
            }
        }
        return Verdict.AGREEMENT;
    }

    private static int[] ids(TextModel model, String text) {
        TokenIds ids = new TokenIds();
        model.encode(text, 0, text.length(), ids);
        return ids.toArray();
    }

    private static int[] idsOrNothing(TextModel model, String text) {
        try {
            return ids(model, text);
        } catch (RuntimeException e) {
            return new int[] {-1};
        }
    }
}
