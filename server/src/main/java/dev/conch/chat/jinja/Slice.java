package dev.conch.chat.jinja;

import org.jspecify.annotations.Nullable;

/**
 * The elements that {@code [start:stop:step]} means in something of a known length.
 *
 * @param start index of the first
 * @param count how many there are
 * @param from where the first one would be if there were none
 */
record Slice(int start, int step, int count, int from) {

    /** Python's {@code slice.indices}: negative bounds count from the end, bounds beyond the ends are cut. */
    static Slice of(@Nullable Int start, @Nullable Int stop, @Nullable Int step, int length) {
        int by = step == null ? 1 : step.clamped();
        if (by == 0) {
            throw TemplateException.value("slice step cannot be zero");
        }
        int lowest = by > 0 ? 0 : -1;
        int highest = by > 0 ? length : length - 1;
        int from = start == null ? (by > 0 ? lowest : highest) : bound(start, length, lowest, highest);
        int to = stop == null ? (by > 0 ? highest : lowest) : bound(stop, length, lowest, highest);
        long distance = by > 0 ? (long) to - from : (long) from - to;
        long width = Math.abs((long) by);
        int count = distance <= 0 ? 0 : (int) ((distance + width - 1) / width);
        return new Slice(count == 0 ? 0 : from, by, count, from);
    }

    private static int bound(Int bound, int length, int lowest, int highest) {
        int index = bound.clamped();
        return Math.clamp(index < 0 ? (long) index + length : index, lowest, highest);
    }

    /** Index of one of the elements. */
    int index(int element) {
        return start + element * step;
    }
}
