package dev.conch.output.parser;

/** An answer that is text and nothing else. */
public final class PlainText implements AnswerParser {

    @Override
    public void accept(String text, AnswerSink sink) {
        sink.text(text);
    }

    @Override
    public void finish(AnswerSink sink) {}
}
