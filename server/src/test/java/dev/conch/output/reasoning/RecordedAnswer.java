package dev.conch.output.reasoning;

import dev.conch.output.parser.AnswerParser;
import dev.conch.output.parser.AnswerSink;
import org.jspecify.annotations.Nullable;

/** Takes what a parser of reasoning says, and stands behind it as a parser for which all is text. */
final class RecordedAnswer implements AnswerParser, AnswerSink {
    private final StringBuilder reasoning = new StringBuilder();
    private final StringBuilder text = new StringBuilder();
    private int ends;

    /** What was said, each kind joined. */
    record Said(String reasoning, String text) {}

    Said said() {
        return new Said(reasoning.toString(), text.toString());
    }

    int ends() {
        return ends;
    }

    @Override
    public void accept(String text, AnswerSink sink) {
        sink.text(text);
    }

    @Override
    public void finish(AnswerSink sink) {
        ends++;
    }

    @Override
    public void text(String text) {
        append(this.text, text);
    }

    @Override
    public void reasoning(String text) {
        append(reasoning, text);
    }

    private void append(StringBuilder to, String text) {
        if (text.isEmpty() || ends > 0) {
            throw new AssertionError("nothing was said, or after the end: \"" + text + "\"");
        }
        to.append(text);
    }

    @Override
    public void callStarted(String name, @Nullable String id) {
        throw new AssertionError("a call: " + name);
    }

    @Override
    public void callArguments(String fragment) {
        throw new AssertionError("arguments: " + fragment);
    }

    @Override
    public void callEnded(boolean wellFormed) {
        throw new AssertionError("the end of a call");
    }
}
