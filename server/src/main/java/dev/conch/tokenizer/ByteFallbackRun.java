package dev.conch.tokenizer;

/**
 * A run of byte tokens ({@code <0xE6><0xB5><0xB7>}) of a vocabulary with byte fallback, by the library's rule: a run that is UTF-8 as a
 * whole is its text; in any other run each byte is one U+FFFD. So a run is held back to its end, unless it is already broken.
 */
final class ByteFallbackRun implements ByteSequence {
    private static final String REPLACEMENT = "\uFFFD";

    private final Utf8Assembler utf8 = new Utf8Assembler();
    private final StringBuilder text = new StringBuilder();
    private int length;
    private boolean broken;

    @Override
    public boolean idle() {
        return length == 0;
    }

    @Override
    public void accept(byte next, StringBuilder out) {
        length++;
        if (broken) {
            out.append(REPLACEMENT);
            return;
        }
        utf8.accept(next, text);
        if (utf8.malformed()) {
            breakRun(out);
        }
    }

    @Override
    public void finish(StringBuilder out) {
        if (!broken && !utf8.idle()) {
            breakRun(out);
        } else if (!broken) {
            out.append(text);
        }
        text.setLength(0);
        length = 0;
        broken = false;
        utf8.restart();
    }

    private void breakRun(StringBuilder out) {
        broken = true;
        out.repeat(REPLACEMENT, length);
    }
}
