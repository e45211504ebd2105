package dev.conch.output.reasoning;

import dev.conch.output.parser.AnswerParser;
import dev.conch.output.parser.AnswerSink;

/**
 * Tells a marked block from the text around it.
 *
 * <p>At the beginning of an answer nothing is said until it is clear whether a block begins, which white space leaves open. Line breaks
 * next to the block's markers are the marking's and not the text's: the first and the last ones inside, and those that follow. An end
 * marker that begins the answer ends an empty block. A block that never ends is a block to the end of the answer.
 */
final class MarkedBlockParser implements AnswerParser {
    private static final char LINE_BREAK = '\n';

    /** What is told the text inside of the block. */
    interface Inside {
        void accept(String text, AnswerSink sink);
    }

    private final BlockMarks marks;
    /** Where an answer is that begins without a marker. */
    private final BlockPlace unmarked;

    private final Inside inside;
    private final AnswerParser outside;

    private BlockPlace place;
    /** White space that begins the answer. */
    private final StringBuilder blanks = new StringBuilder();
    /** Line breaks inside, behind which the block may end. */
    private int lineBreaks;
    /** What may be the beginning of a marker. */
    private String held = "";

    /**
     * A parser for one answer.
     *
     * @param start where the answer begins
     * @param implied whether an answer that begins without a marker is inside
     * @param outside is given the text that is not in the block, and told its end
     */
    MarkedBlockParser(BlockMarks marks, BlockPlace start, boolean implied, Inside inside, AnswerParser outside) {
        this.marks = marks;
        this.inside = inside;
        this.outside = outside;
        // a marker is looked for even if the prompt has one already: some models write it again
        place = start == BlockPlace.BEGUN ? BlockPlace.BEFORE : start;
        unmarked = implied || start == BlockPlace.BEGUN ? BlockPlace.INSIDE : BlockPlace.AFTER;
    }

    @Override
    public void accept(String text, AnswerSink sink) {
        String all = held.isEmpty() ? text : held + text;
        held = "";
        int position = 0;
        while (position < all.length()) {
            position = switch (place) {
                case BEFORE -> before(all, position, sink);
                case BEGUN, ENDED -> skipLineBreaks(all, position);
                case INSIDE -> inside(all, position, sink);
                case AFTER -> after(all, position, sink);
            };
        }
    }

    private int before(String text, int from, AnswerSink sink) {
        int position = from;
        while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
            position++;
        }
        blanks.append(text, from, position);
        if (position == text.length()) {
            return position;
        }
        String marker = marks.first().at(text, position);
        if (marker != null) {
            place = marks.begins().contains(marker) ? BlockPlace.BEGUN : BlockPlace.ENDED;
            return position + marker.length();
        }
        if (marks.first().mayBegin(text, position)) {
            return hold(text, position);
        }
        beginWithoutMarker("", sink);
        return position;
    }

    private int hold(String text, int from) {
        held = text.substring(from);
        return text.length();
    }

    /** @param text what follows the white space, as far as it must be told now */
    private void beginWithoutMarker(String text, AnswerSink sink) {
        String all = blanks + text;
        place = unmarked;
        if (place == BlockPlace.INSIDE) {
            int first = skipped(all, 0);
            tellInside(all, first, all.length(), sink);
        } else if (!all.isEmpty()) {
            outside.accept(all, sink);
        }
    }

    private int skipLineBreaks(String text, int from) {
        int position = skipped(text, from);
        if (position < text.length()) {
            place = place == BlockPlace.BEGUN ? BlockPlace.INSIDE : BlockPlace.AFTER;
        }
        return position;
    }

    private static int skipped(String text, int from) {
        int position = from;
        while (position < text.length() && text.charAt(position) == LINE_BREAK) {
            position++;
        }
        return position;
    }

    private int inside(String text, int from, AnswerSink sink) {
        int position = marks.last().find(text, from);
        tellInside(text, from, position, sink);
        if (position == text.length()) {
            return position;
        }
        String marker = marks.last().at(text, position);
        if (marker == null) {
            return hold(text, position);
        }
        lineBreaks = 0;
        boolean ended = marks.ends().contains(marker);
        place = ended ? BlockPlace.ENDED : BlockPlace.AFTER;
        return ended ? position + marker.length() : position;
    }

    private void tellInside(String text, int from, int to, AnswerSink sink) {
        int last = to;
        while (last > from && text.charAt(last - 1) == LINE_BREAK) {
            last--;
        }
        if (last > from) {
            inside.accept(takeLineBreaks() + text.substring(from, last), sink);
        }
        lineBreaks += to - last;
    }

    private String takeLineBreaks() {
        String taken = String.valueOf(LINE_BREAK).repeat(lineBreaks);
        lineBreaks = 0;
        return taken;
    }

    private int after(String text, int from, AnswerSink sink) {
        int position = marks.anywhere() ? marks.next().find(text, from) : text.length();
        if (position > from) {
            outside.accept(text.substring(from, position), sink);
        }
        if (position == text.length()) {
            return position;
        }
        String marker = marks.next().at(text, position);
        if (marker == null) {
            return hold(text, position);
        }
        place = BlockPlace.BEGUN;
        return position + marker.length();
    }

    @Override
    public void finish(AnswerSink sink) {
        if (place == BlockPlace.BEFORE) {
            beginWithoutMarker(held, sink);
        } else if (!held.isEmpty() && place == BlockPlace.AFTER) {
            outside.accept(held, sink);
        } else {
            tellInside(held, 0, held.length(), sink);
        }
        if (lineBreaks > 0) {
            inside.accept(takeLineBreaks(), sink);
        }
        outside.finish(sink);
    }
}
