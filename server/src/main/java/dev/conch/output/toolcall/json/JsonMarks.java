package dev.conch.output.toolcall.json;

import dev.conch.output.toolcall.scan.Marks;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The marks of a {@link JsonLayout} by where they are looked for. Immutable, thread-safe. */
final class JsonMarks {
    final JsonLayout layout;
    /** In text. */
    final Marks outside;
    /** Before calls; null if there are none. */
    final @Nullable Marks begin;
    /** Behind a call; null if there are none. */
    final @Nullable Marks behind;
    /** In a header; null if there is no header. */
    final @Nullable Marks header;

    JsonMarks(JsonLayout layout) {
        this.layout = layout;
        outside = Marks.of(joined(Stream.of(List.of(layout.trigger()), layout.begins(), layout.framing())));
        begin = marksOrNone(Stream.of(layout.begins()));
        behind = marksOrNone(Stream.of(layout.begins(), layout.ends()));
        CallHeader by = layout.header();
        header = by == null ? null : by.marks();
    }

    /** Whether what was found in text is no mark but the beginning of the call itself. */
    boolean isCall(String found) {
        return !layout.begins().contains(found);
    }

    boolean isFraming(String found) {
        return layout.framing().contains(found);
    }

    boolean isEnd(String found) {
        return layout.ends().contains(found);
    }

    /** Everything that may be a control token. */
    List<String> all() {
        CallHeader by = layout.header();
        Stream<String> within = by == null ? Stream.of() : Stream.of(by.idMark(), by.nameMark(), by.argumentsMark());
        Stream<String> around =
                Stream.of(layout.begins(), layout.ends(), layout.framing()).flatMap(Collection::stream);
        return Stream.concat(around, within)
                .filter(mark -> !mark.isEmpty())
                .distinct()
                .toList();
    }

    private static @Nullable Marks marksOrNone(Stream<List<String>> lists) {
        String[] marks = joined(lists);
        return marks.length == 0 ? null : Marks.of(marks);
    }

    private static String[] joined(Stream<List<String>> lists) {
        return lists.flatMap(Collection::stream).toArray(String[]::new);
    }
}
