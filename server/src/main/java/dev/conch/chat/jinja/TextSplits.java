package dev.conch.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Python's string methods that take a text apart. */
final class TextSplits {
    private TextSplits() {}

    static Value split(Text self, Arguments arguments, Rendering rendering) {
        arguments.accept("split", 0, "sep", "maxsplit");
        Value separator = arguments.optional(0, None.NONE);
        int limit = arguments.integer("split", 1, Int.of(-1)).clamped();
        List<Value> parts = separator == None.NONE
                ? splitAtSpace(self, limit, rendering.budget())
                : splitAt(self, nonEmpty(Arguments.asText("split", separator)), limit, rendering.budget());
        return Sequence.list(parts);
    }

    /** Cuts at a separator, from left to right, at most so many times; negative: always. */
    static List<Value> splitAt(Text self, String separator, int limit, Budget budget) {
        TextSearch search = new TextSearch(self.string(), separator, budget);
        List<Value> parts = new ArrayList<>();
        int start = 0;
        int at = search.first(0);
        while (at >= 0 && parts.size() != limit) {
            budget.step();
            parts.add(self.sub(start, at));
            start = at + separator.length();
            at = search.first(start);
        }
        parts.add(self.sub(start));
        return parts;
    }

    private static List<Value> splitAtSpace(Text self, int limit, Budget budget) {
        List<Value> parts = new ArrayList<>();
        String string = self.string();
        int start = PythonSpace.skip(string, 0);
        while (start < string.length() && parts.size() != limit) {
            budget.step();
            int end = PythonSpace.indexIn(string, start);
            parts.add(self.sub(start, end));
            start = PythonSpace.skip(string, end);
        }
        budget.steps(Weight.ofCharacters(start));
        if (start < string.length()) {
            parts.add(self.sub(start));
        }
        return parts;
    }

    static Value rsplit(Text self, Arguments arguments, Rendering rendering) {
        arguments.accept("rsplit", 0, "sep", "maxsplit");
        Value separator = arguments.optional(0, None.NONE);
        int limit = arguments.integer("rsplit", 1, Int.of(-1)).clamped();
        List<Value> parts = separator == None.NONE
                ? splitLastAtSpace(self, limit, rendering.budget())
                : splitLastAt(self, nonEmpty(Arguments.asText("rsplit", separator)), limit, rendering.budget());
        Collections.reverse(parts);
        return Sequence.list(parts);
    }

    private static List<Value> splitLastAt(Text self, String separator, int limit, Budget budget) {
        TextSearch search = new TextSearch(self.string(), separator, budget);
        List<Value> parts = new ArrayList<>();
        int end = self.string().length();
        int at = search.last(end);
        while (at >= 0 && parts.size() != limit) {
            budget.step();
            parts.add(self.sub(at + separator.length(), end));
            end = at;
            at = search.last(end - separator.length());
        }
        parts.add(self.sub(0, end));
        return parts;
    }

    private static List<Value> splitLastAtSpace(Text self, int limit, Budget budget) {
        List<Value> parts = new ArrayList<>();
        String string = self.string();
        int end = PythonSpace.skipBack(string, string.length());
        while (end > 0 && parts.size() != limit) {
            budget.step();
            int start = end;
            while (start > 0 && !PythonSpace.is(string.charAt(start - 1))) {
                start--;
            }
            parts.add(self.sub(start, end));
            end = PythonSpace.skipBack(string, start);
        }
        budget.steps(Weight.ofCharacters(string.length() - end));
        if (end > 0) {
            parts.add(self.sub(0, end));
        }
        return parts;
    }

    private static String nonEmpty(Text separator) {
        if (separator.isEmpty()) {
            throw TemplateException.value("empty separator");
        }
        return separator.string();
    }

    static Value splitlines(Text self, Arguments arguments, Rendering rendering) {
        boolean keepEnds = arguments
                .accept("splitlines", 0, "keepends")
                .optional(0, Bool.FALSE)
                .truthy();
        List<Text> lines = splitLines(self, keepEnds);
        rendering.budget().steps(lines.size());
        return Sequence.list(new ArrayList<>(lines));
    }

    /** Python's {@code splitlines}: no line after the last line break. */
    static List<Text> splitLines(Text self, boolean keepEnds) {
        List<Text> lines = new ArrayList<>();
        String string = self.string();
        int start = 0;
        for (int i = 0; i < string.length(); i++) {
            if (PythonSpace.isLineBreak(string.charAt(i))) {
                int next = string.startsWith("\r\n", i) ? i + 2 : i + 1;
                lines.add(self.sub(start, keepEnds ? next : i));
                start = next;
                i = next - 1;
            }
        }
        if (start < string.length()) {
            lines.add(self.sub(start));
        }
        return lines;
    }

    /**
     * What is before, in and after a separator that was found at an offset; negative: it was not.
     *
     * @param last whether the last one was looked for
     */
    static Value partition(Text self, int at, boolean last, Arguments arguments) {
        int width = nonEmpty(arguments.text("partition", 0)).length();
        List<Value> parts = at < 0
                ? (last ? List.of(Text.EMPTY, Text.EMPTY, self) : List.of(self, Text.EMPTY, Text.EMPTY))
                : List.of(self.sub(0, at), self.sub(at, at + width), self.sub(at + width));
        return Sequence.tuple(parts);
    }
}
