package dev.conch.http.request;

import static org.assertj.core.api.Assertions.assertThat;

/** Text between marks in a file, which a golden test writes anew. */
public final class MarkedText {
    private MarkedText() {}

    /** The file with other text between the line that is the mark, and the next line that has the end mark. */
    public static String replaced(String file, String mark, String end, String text) {
        assertThat(file).contains(mark + "\n");
        int start = file.indexOf(mark + "\n") + mark.length() + 1;
        int stop = file.lastIndexOf('\n', file.indexOf(end, start)) + 1;
        return file.substring(0, start) + text + file.substring(stop);
    }
}
