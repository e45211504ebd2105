package dev.conch.output.parser;

import org.jspecify.annotations.Nullable;

/** Reads with one parser, which knows how messages are framed, and gives what is text to another. Not thread-safe. */
public final class NestedParser implements AnswerParser {
    private final AnswerParser frames;
    private final AnswerParser answer;

    public NestedParser(AnswerParser frames, AnswerParser answer) {
        this.frames = frames;
        this.answer = answer;
    }

    @Override
    public void accept(String text, AnswerSink sink) {
        frames.accept(text, new TextSink(answer, sink));
    }

    @Override
    public void finish(AnswerSink sink) {
        frames.finish(new TextSink(answer, sink));
        answer.finish(sink);
    }

    private record TextSink(AnswerParser answer, AnswerSink sink) implements AnswerSink {
        @Override
        public void text(String text) {
            answer.accept(text, sink);
        }

        @Override
        public void reasoning(String text) {
            sink.reasoning(text);
        }

        @Override
        public void callStarted(String name, @Nullable String id) {
            sink.callStarted(name, id);
        }

        @Override
        public void callArguments(String fragment) {
            sink.callArguments(fragment);
        }

        @Override
        public void callEnded(boolean wellFormed) {
            sink.callEnded(wellFormed);
        }
    }
}
