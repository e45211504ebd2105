package dev.conch.constraint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A set of characters, as ranges of code points that are sorted and do not touch.
 *
 * @param ranges each of two code points, the first not above the second
 */
record CharSet(List<Range> ranges) {
    static final int LAST = Character.MAX_CODE_POINT;
    static final CharSet EMPTY = new CharSet(List.of());
    static final CharSet DIGITS = of('0', '9');
    static final CharSet WORD = DIGITS.with(of('A', 'Z')).with(of('a', 'z')).with(of('_', '_'));
    static final CharSet SPACE = of('\t', '\n').with(of('\f', '\r')).with(of(' ', ' '));
    static final CharSet NEWLINE = of('\n', '\n');

    /** Both ends are part of it. */
    record Range(int first, int last) {}

    CharSet {
        ranges = List.copyOf(ranges);
    }

    static CharSet of(int first, int last) {
        return new CharSet(List.of(new Range(first, last)));
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    CharSet with(CharSet other) {
        List<Range> all = new ArrayList<>(ranges);
        all.addAll(other.ranges);
        return normalized(all);
    }

    /** Halves of surrogate pairs are no characters: no range begins or ends with one. */
    static CharSet normalized(List<Range> ranges) {
        List<Range> sorted = new ArrayList<>();
        for (Range range : ranges) {
            int first = isSurrogate(range.first()) ? Character.MAX_SURROGATE + 1 : range.first();
            int last = isSurrogate(range.last()) ? Character.MIN_SURROGATE - 1 : range.last();
            if (first <= last) {
                sorted.add(new Range(first, last));
            }
        }
        sorted.sort(Comparator.comparingInt(Range::first));
        List<Range> merged = new ArrayList<>();
        for (Range next : sorted) {
            Range last = merged.isEmpty() ? null : merged.getLast();
            if (last != null && next.first() <= last.last() + 1) {
                merged.set(merged.size() - 1, new Range(last.first(), Math.max(last.last(), next.last())));
            } else {
                merged.add(next);
            }
        }
        return new CharSet(merged);
    }

    /** All characters but these. */
    CharSet complement() {
        List<Range> gaps = new ArrayList<>();
        int from = 0;
        for (Range range : ranges) {
            if (range.first() > from) {
                gaps.add(new Range(from, range.first() - 1));
            }
            from = range.last() + 1;
        }
        if (from <= LAST) {
            gaps.add(new Range(from, LAST));
        }
        return normalized(gaps);
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    CharSet withoutNul() {
        return normalized(ranges.stream()
                .map(range -> new Range(Math.max(1, range.first()), range.last()))
                .filter(range -> range.first() <= range.last())
                .toList());
    }

    /** The only character of the set; -1: there are several, or none. */
    int only() {
        boolean single = ranges.size() == 1
                && ranges.getFirst().first() == ranges.getFirst().last();
        return single ? ranges.getFirst().first() : -1;
    }

    /**
     * The set without some characters at the ends of its ranges, which then stand alone: there are characters that a notation cannot have at
     * the end of a range.
     */
    List<Range> rangesWithout(String apart) {
        List<Range> cut = new ArrayList<>();
        for (Range range : ranges) {
            int first = range.first();
            int last = range.last();
            while (first <= last && apart.indexOf(first) >= 0) {
                first++;
            }
            while (last >= first && apart.indexOf(last) >= 0) {
                last--;
            }
            if (first <= last) {
                cut.add(new Range(first, last));
            }
        }
        return cut;
    }

    boolean contains(int codePoint) {
        return ranges.stream().anyMatch(range -> range.first() <= codePoint && codePoint <= range.last());
    }
}
