package dev.conch.output.toolcall.json;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a family writes its calls. The templates of the parts have {@code $name}, {@code $id} and {@code $arguments}.
 *
 * @param opening before the calls, in the spacing of the family's chat template
 * @param call one call
 * @param separator between calls
 * @param closing behind the calls
 * @param list whether opening and closing stand around all calls; otherwise, around each
 * @param begins marks of which one comes before a call; none: the JSON alone makes it a call
 * @param ends marks that may come behind a call
 * @param framing marks around the text of an answer, which are no part of it
 * @param naming where a call has its name
 * @param header what comes before the arguments, if the name does
 */
record JsonLayout(
        String opening,
        String call,
        String separator,
        String closing,
        boolean list,
        List<String> begins,
        List<String> ends,
        List<String> framing,
        CallNaming naming,
        @Nullable CallHeader header) {
    static final String NAME = "$name";
    static final String ID = "$id";
    static final String ARGUMENTS = "$arguments";

    /** A layout in which opening and closing stand around each call. */
    static JsonLayout each(String opening, String call, String closing, String separator) {
        return of(opening, call, separator, closing, false);
    }

    /** A layout in which opening and closing stand around all calls. */
    static JsonLayout list(String opening, String call, String separator, String closing) {
        return of(opening, call, separator, closing, true);
    }

    private static JsonLayout of(String opening, String call, String separator, String closing, boolean list) {
        String begin = mark(opening);
        return new JsonLayout(
                opening,
                call,
                separator,
                closing,
                list,
                begin.isEmpty() ? List.of() : List.of(begin),
                marks(mark(closing)),
                List.of(),
                begin.isEmpty() ? CallNaming.UNMARKED : CallNaming.IN_OBJECT,
                null);
    }

    /** This layout, with other marks that mean what the opening means. */
    JsonLayout orBegin(String... marks) {
        return with(plus(begins, marks), ends, framing, naming, header);
    }

    /** This layout, with other marks that mean what the closing means. */
    JsonLayout orEnd(String... marks) {
        return with(begins, plus(ends, marks), framing, naming, header);
    }

    JsonLayout framedBy(String... marks) {
        return with(begins, ends, List.of(marks), naming, header);
    }

    JsonLayout named(CallNaming where) {
        return with(begins, ends, framing, where, header);
    }

    JsonLayout headed(CallHeader by) {
        return with(begins, ends, framing, naming, by);
    }

    /** With which text a call always begins. */
    String trigger() {
        String before = opening + call.substring(0, call.indexOf('$'));
        String mark = mark(opening);
        return mark.isEmpty() ? before : mark;
    }

    private JsonLayout with(
            List<String> newBegins,
            List<String> newEnds,
            List<String> newFraming,
            CallNaming newNaming,
            @Nullable CallHeader newHeader) {
        return new JsonLayout(
                opening, call, separator, closing, list, newBegins, newEnds, newFraming, newNaming, newHeader);
    }

    private static List<String> plus(List<String> marks, String... more) {
        List<String> all = new ArrayList<>(marks);
        all.addAll(List.of(more));
        return List.copyOf(all);
    }

    private static List<String> marks(String mark) {
        return mark.isEmpty() ? List.of() : List.of(mark);
    }

    /** A part without the layout and the bracket of a list at its inner end. */
    private static String mark(String part) {
        String mark = part.strip();
        if (mark.startsWith("]")) {
            mark = mark.substring(1);
        }
        if (mark.endsWith("[")) {
            mark = mark.substring(0, mark.length() - 1);
        }
        return mark.strip();
    }
}
