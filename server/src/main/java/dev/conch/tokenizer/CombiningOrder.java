package dev.conch.tokenizer;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Canonical order of combining marks. {@link Normalizer} puts marks in order one by one, which takes it 20 seconds for 160,000 marks of
 * two classes in turn; marks that come in order already cost it nothing. So long runs are sorted here first.
 *
 * <p>The JDK keeps combining classes to itself, but shows them: of two marks it swaps those whose classes are in the wrong order.
 */
final class CombiningOrder {
    /** U+0345 has the last of all classes. */
    private static final String LAST = "\u0345";

    private static final int CODE_POINT_BITS = 21;
    private static final int CODE_POINT_MASK = (1 << CODE_POINT_BITS) - 1;

    private static final Map<Integer, Integer> RANKS = ranks();

    private CombiningOrder() {}

    /** Text that is canonically equivalent, with all marks decomposed and in order. */
    static String sorted(CharSequence text) {
        StringBuilder sorted = new StringBuilder();
        int[] codePoints = text.codePoints().flatMap(CombiningOrder::decomposed).toArray();
        for (int at = 0; at < codePoints.length; ) {
            int end = endOfRun(codePoints, at);
            IntStream.range(at, end)
                    .mapToLong(i -> key(i, codePoints[i]))
                    .sorted()
                    .forEach(key -> sorted.appendCodePoint((int) key & CODE_POINT_MASK));
            at = end;
        }
        return sorted.toString();
    }

    /** Sorts by rank, then by place. */
    private static long key(int place, int codePoint) {
        return (long) rank(codePoint) << (CODE_POINT_BITS + Integer.SIZE) | (long) place << CODE_POINT_BITS | codePoint;
    }

    private static int endOfRun(int[] codePoints, int from) {
        int end = from + 1;
        while (end < codePoints.length && rank(codePoints[from]) > 0 && rank(codePoints[end]) > 0) {
            end++;
        }
        return end;
    }

    private static IntStream decomposed(int codePoint) {
        return isMark(codePoint)
                ? Normalizer.normalize(Character.toString(codePoint), Form.NFD).codePoints()
                : IntStream.of(codePoint);
    }

    /** 0 for what starts a new run, otherwise a number that is ordered as the combining classes are. */
    private static int rank(int codePoint) {
        return RANKS.getOrDefault(codePoint, 0);
    }

    private static Map<Integer, Integer> ranks() {
        List<List<Integer>> classes = new ArrayList<>();
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            String mark = Character.toString(codePoint);
            if (isMark(codePoint)
                    && Normalizer.isNormalized(mark, Form.NFD)
                    && (mark.equals(LAST) || swaps(LAST, mark))) {
                insert(codePoint, classes);
            }
        }
        Map<Integer, Integer> ranks = new HashMap<>();
        for (int i = 0; i < classes.size(); i++) {
            for (int mark : classes.get(i)) {
                ranks.put(mark, i + 1);
            }
        }
        return ranks;
    }

    /** Binary search for the class of a mark by one member of each. */
    private static void insert(int codePoint, List<List<Integer>> classes) {
        String mark = Character.toString(codePoint);
        int low = 0;
        int high = classes.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            String member = Character.toString(classes.get(middle).getFirst());
            if (swaps(member, mark)) {
                high = middle;
            } else if (swaps(mark, member)) {
                low = middle + 1;
            } else {
                classes.get(middle).add(codePoint);
                return;
            }
        }
        classes.add(low, new ArrayList<>(List.of(codePoint)));
    }

    private static boolean swaps(String left, String right) {
        return !Normalizer.isNormalized(left + right, Form.NFD);
    }

    private static boolean isMark(int codePoint) {
        return CharacterCategory.UNICODE.of(codePoint) == CharacterCategory.MARK;
    }
}
