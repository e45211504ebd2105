package dev.conch.generation;

/**
 * A part of a text, in UTF-16 units.
 *
 * @param start first unit
 * @param end unit after the last, not before {@code start}
 */
public record TextSpan(int start, int end) {

    public TextSpan {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("span: " + start + ".." + end + " (expected: 0 <= start <= end)");
        }
    }
}
