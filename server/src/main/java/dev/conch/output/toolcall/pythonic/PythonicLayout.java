package dev.conch.output.toolcall.pythonic;

import dev.conch.output.toolcall.scan.Marks;
import java.util.List;
import java.util.stream.Stream;

/**
 * What stands around calls. Immutable, thread-safe.
 *
 * @param begin before the first call
 * @param separator between two
 * @param end behind the last
 * @param brackets whether calls are a list in brackets, which other text begins like as well
 * @param markers marks that may stand before and behind the list
 */
record PythonicLayout(String begin, String separator, String end, boolean brackets, List<String> markers) {

    /** A list in brackets. */
    static PythonicLayout list() {
        return new PythonicLayout("[", ", ", "]", true, List.of());
    }

    /** One call on each line. */
    static PythonicLayout lines(String before, String behind) {
        return new PythonicLayout(before + "\n", "\n", "\n" + behind, false, List.of(before, behind));
    }

    /** This list, which may have a mark before it and another behind. */
    PythonicLayout between(String before, String behind) {
        return new PythonicLayout(begin, separator, end, brackets, List.of(before, behind));
    }

    /** What calls may begin with. */
    Marks begins() {
        return marks(begin.strip(), 0);
    }

    /** What may stand behind a call, other than the next. */
    Marks behindCall() {
        return brackets ? Marks.of(",", "]") : Marks.of(end.strip());
    }

    /** What may stand behind the list; its end if there is nothing. */
    Marks behindList() {
        return marks(markers.isEmpty() ? end.strip() : "", 1);
    }

    private Marks marks(String mark, int marker) {
        return Marks.of(
                Stream.concat(Stream.of(mark), markers.stream().skip(marker).limit(1))
                        .toArray(String[]::new));
    }
}
