package dev.conch.output.reasoning;

import java.util.List;
import java.util.stream.Stream;

/**
 * How a block of text is marked. Immutable.
 *
 * @param begins markers with which it begins; one of them is enough
 * @param ends markers with which it ends, likewise
 * @param breaks texts that end it too, and belong to what comes after it
 * @param anywhere whether a block may begin behind other text, again and again; otherwise there is one, and it begins the answer
 * @param first {@code begins} and {@code ends}
 * @param last {@code ends} and {@code breaks}
 * @param next {@code begins}
 */
record BlockMarks(
        List<String> begins,
        List<String> ends,
        List<String> breaks,
        boolean anywhere,
        Markers first,
        Markers last,
        Markers next) {

    BlockMarks(List<String> begins, List<String> ends, List<String> breaks, boolean anywhere) {
        this(
                List.copyOf(begins),
                List.copyOf(ends),
                List.copyOf(breaks),
                anywhere,
                both(begins, ends),
                both(ends, breaks),
                new Markers(begins));
    }

    private static Markers both(List<String> these, List<String> those) {
        return new Markers(Stream.concat(these.stream(), those.stream()).toList());
    }
}
