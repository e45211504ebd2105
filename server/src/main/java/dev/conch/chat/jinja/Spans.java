package dev.conch.chat.jinja;

import dev.conch.generation.TextSpan;
import java.util.Arrays;
import java.util.List;

/** Which parts of a text a client wrote: UTF-16 offsets, start and end in turn, ascending, never touching. Immutable. */
final class Spans {
    static final Spans NONE = new Spans(new int[0]);

    private final int[] borders;

    private Spans(int[] borders) {
        this.borders = borders;
    }

    /** All of a text. */
    static Spans all(int length) {
        return length == 0 ? NONE : new Spans(new int[] {0, length});
    }

    boolean isEmpty() {
        return borders.length == 0;
    }

    /** The spans of a part of the text. */
    Spans sub(int start, int end) {
        if (isEmpty()) {
            return NONE;
        }
        int[] cut = new int[borders.length];
        int size = 0;
        for (int i = 0; i < borders.length; i += 2) {
            int from = Math.max(borders[i], start);
            int to = Math.min(borders[i + 1], end);
            if (from < to) {
                cut[size++] = from - start;
                cut[size++] = to - start;
            }
        }
        return size == 0 ? NONE : new Spans(Arrays.copyOf(cut, size));
    }

    /** The spans of a text of some length, followed by another text. */
    Spans concat(int length, Spans next) {
        if (next.isEmpty()) {
            return this;
        }
        boolean touching = !isEmpty() && borders[borders.length - 1] == length && next.borders[0] == 0;
        int kept = touching ? borders.length - 1 : borders.length;
        int dropped = touching ? 1 : 0;
        int[] both = Arrays.copyOf(borders, kept + next.borders.length - dropped);
        for (int i = dropped; i < next.borders.length; i++) {
            both[kept + i - dropped] = next.borders[i] + length;
        }
        return new Spans(both);
    }

    List<TextSpan> toList() {
        TextSpan[] spans = new TextSpan[borders.length / 2];
        for (int i = 0; i < spans.length; i++) {
            spans[i] = new TextSpan(borders[2 * i], borders[2 * i + 1]);
        }
        return List.of(spans);
    }

    /** Collects the spans of a text that grows at its end. */
    static final class Builder {
        private int[] borders = NONE.borders;
        private int size;

        /** A text with these spans is appended at an offset. */
        void append(int offset, Spans spans) {
            for (int i = 0; i < spans.borders.length; i += 2) {
                append(offset + spans.borders[i], offset + spans.borders[i + 1]);
            }
        }

        private void append(int start, int end) {
            if (size > 0 && borders[size - 1] == start) {
                borders[size - 1] = end;
                return;
            }
            if (size == borders.length) {
                borders = Arrays.copyOf(borders, Math.max(8, 2 * size));
            }
            borders[size++] = start;
            borders[size++] = end;
        }

        Spans build() {
            return size == 0 ? NONE : new Spans(Arrays.copyOf(borders, size));
        }
    }
}
