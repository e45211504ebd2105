package dev.conch.output.toolcall.harmony;

import dev.conch.output.parser.AnswerParser;
import dev.conch.output.parser.AnswerSink;
import org.jspecify.annotations.Nullable;

/** Reads the channels, and gives what is text to another parser. Not thread-safe. */
final class HarmonyReasoningParser implements AnswerParser {
    private final AnswerParser channels = new HarmonyParser();
    private final AnswerParser answer;

    HarmonyReasoningParser(AnswerParser answer) {
        this.answer = answer;
    }

    @Override
    public void accept(String text, AnswerSink sink) {
        channels.accept(text, new TextSink(answer, sink));
    }

    @Override
    public void finish(AnswerSink sink) {
        channels.finish(new TextSink(answer, sink));
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
