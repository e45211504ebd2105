package dev.conch.output.reasoning;

import java.util.List;

/** A place in a text, seen from its marked block. */
enum BlockPlace {
    /** Nothing but white space so far. */
    BEFORE,
    /** Behind the begin marker and line breaks. */
    BEGUN,
    /** Inside the block. */
    INSIDE,
    /** Behind the end marker and line breaks. */
    ENDED,
    /** In the text behind the block, or in an answer that has none. */
    AFTER;

    /**
     * Where a prompt leaves off, which is where its answer begins.
     *
     * @param prompt the end of the rendered prompt, nothing of which is an earlier message
     */
    static BlockPlace atTheEndOf(String prompt, BlockMarks marks) {
        int begin = behindLast(prompt, marks.begins());
        int end = behindLast(prompt, marks.ends());
        if (begin < 0 && end < 0) {
            return BEFORE;
        }
        boolean blank = prompt.substring(Math.max(begin, end)).isBlank();
        if (begin > end) {
            return blank ? BEGUN : INSIDE;
        }
        return blank ? ENDED : AFTER;
    }

    /** Negative if none of the markers is there. */
    private static int behindLast(String prompt, List<String> markers) {
        int behind = -1;
        for (String marker : markers) {
            int last = prompt.lastIndexOf(marker);
            if (last >= 0) {
                behind = Math.max(behind, last + marker.length());
            }
        }
        return behind;
    }
}
