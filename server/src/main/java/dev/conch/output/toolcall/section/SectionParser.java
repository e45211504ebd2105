package dev.conch.output.toolcall.section;

import dev.conch.output.toolcall.json.HeadedCallParser;
import dev.conch.output.toolcall.scan.Marks;

/** Reads one answer in a {@link SectionLayout}. */
final class SectionParser extends HeadedCallParser {
    private static final int LONGEST_HEADER = 256;

    private final SectionLayout layout;
    private final Marks begins;
    private final Marks inSection;
    private final Marks beforeName;
    private final Marks behindHeader;

    private final StringBuilder header = new StringBuilder();
    /** Whether this section has held a call already. */
    private boolean called;

    SectionParser(SectionLayout layout) {
        super(layout.fence(), layout.callEnd(), layout.callBegin(), layout.sectionEnd(), layout.otherSectionEnd());
        this.layout = layout;
        String begin = layout.argumentsBegin().strip();
        begins = Marks.of(layout.sectionBegin(), layout.otherSectionBegin(), layout.callBegin());
        inSection = Marks.of(layout.callBegin(), layout.sectionEnd(), layout.otherSectionEnd());
        beforeName = Marks.of(layout.beforeName().isEmpty() ? begin : layout.beforeName());
        behindHeader = Marks.of(begin);
        mode(this::outside);
    }

    private void outside() {
        String mark = search(begins, out::text);
        if (mark == null) {
            return;
        }
        out.maybeCall(mark);
        called = false;
        if (mark.equals(layout.callBegin())) {
            beginCall();
        } else {
            mode(this::section);
        }
    }

    private void section() {
        String mark = expect(inSection, this::noCall);
        if (mark == null) {
            return;
        }
        if (mark.equals(layout.callBegin())) {
            out.maybeCall(expected());
            beginCall();
        } else if (called) {
            mode(this::outside);
        } else {
            out.maybeCall(expected());
            noCall();
        }
    }

    private void beginCall() {
        header.setLength(0);
        mode(layout.beforeName().isEmpty() ? this::header : this::beforeName);
    }

    private void beforeName() {
        if (expect(beforeName, this::noCall) != null) {
            out.maybeCall(expected());
            mode(this::header);
        }
    }

    private void header() {
        int before = header.length();
        boolean over = readWord(header, SectionParser::inHeader, LONGEST_HEADER);
        out.maybeCall(header.substring(before));
        if (over) {
            mode(header.toString().isBlank() ? this::noCall : this::behindHeader);
        }
    }

    private void behindHeader() {
        if (expect(behindHeader, this::noCall) == null) {
            return;
        }
        String id = header.toString().strip();
        called = true;
        beginArguments(layout.header().name(id), layout.header() == SectionLayout.Header.NUMBERED_ID ? id : null);
    }

    @Override
    protected void behindCall(String mark) {
        if (mark.equals(layout.callBegin())) {
            out.maybeCall(mark);
            beginCall();
        } else {
            mode(mark.equals(layout.callEnd()) ? this::section : this::outside);
        }
    }

    private void noCall() {
        out.notACall();
        mode(this::outside);
    }

    private static boolean inHeader(int c) {
        return "<>`{".indexOf(c) < 0 && !Character.isWhitespace(c);
    }
}
