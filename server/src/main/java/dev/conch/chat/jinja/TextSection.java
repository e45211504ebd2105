package dev.conch.chat.jinja;

import org.jspecify.annotations.Nullable;

/** The part of a text that a method is to look at, and what it looks for. */
record TextSection(Text self, Slice bounds, boolean exists, String string, String wanted) {

    static TextSection of(Text self, Arguments arguments) {
        arguments.accept("find", 1, "", "", "");
        return of(self, arguments, arguments.text("find", 0));
    }

    static TextSection of(Text self, Arguments arguments, Text wanted) {
        int length = self.length();
        Int start = bound(arguments.optional(1, None.NONE));
        Slice bounds = Slice.of(start, bound(arguments.optional(2, None.NONE)), null, length);
        boolean exists = start == null || (start.clamped() <= length && ordered(start, arguments, length));
        return new TextSection(self, bounds, exists, self.slice(bounds).string(), wanted.string());
    }

    /** An empty text is found in an empty section, but not in one that ends before it begins. */
    private static boolean ordered(Int start, Arguments arguments, int length) {
        Int stop = bound(arguments.optional(2, None.NONE));
        return stop == null || fromStart(start, length) <= fromStart(stop, length);
    }

    private static int fromStart(Int bound, int length) {
        int index = bound.clamped();
        return index < 0 ? Math.max(0, index + length) : Math.min(index, length);
    }

    private static @Nullable Int bound(Value bound) {
        return bound == None.NONE ? null : Arguments.asInteger("find", bound);
    }

    Int find(Budget budget) {
        return index(search(budget).first(0));
    }

    Int findLast(Budget budget) {
        return index(search(budget).last(string.length()));
    }

    private TextSearch search(Budget budget) {
        return new TextSearch(string, wanted, budget);
    }

    private Int index(int offset) {
        if (offset < 0 || !exists) {
            return Int.of(-1);
        }
        return Int.of(start() + string.codePointCount(0, offset));
    }

    private int start() {
        return string.isEmpty() && bounds.count() == 0 ? emptyStart() : bounds.start();
    }

    private int emptyStart() {
        return bounds.from();
    }

    Int count(Budget budget) {
        if (!exists) {
            return Int.of(0);
        }
        if (wanted.isEmpty()) {
            return Int.of(string.codePointCount(0, string.length()) + 1);
        }
        TextSearch search = search(budget);
        int count = 0;
        for (int at = search.first(0); at >= 0; at = search.first(at + wanted.length())) {
            count++;
        }
        return Int.of(count);
    }
}
