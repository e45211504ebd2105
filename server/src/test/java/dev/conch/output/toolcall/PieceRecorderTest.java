package dev.conch.output.toolcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class PieceRecorderTest {
    private final PieceRecorder recorder = new PieceRecorder();

    @Test
    void joinsNeighbours() {
        recorder.reasoning("h");
        recorder.reasoning("m");
        recorder.text("a");
        recorder.text("b");
        recorder.callStarted("f", "1");
        recorder.callArguments("{");
        recorder.callArguments("}");
        recorder.callEnded(true);
        recorder.text("c");
        assertThat(recorder.finished())
                .containsExactly(
                        Piece.reasoning("hm"), Piece.text("ab"), Piece.callWithId("f", "1", "{}"), Piece.text("c"));
        assertThat(recorder.argumentCharacters()).isEqualTo(2);
    }

    @Test
    void holdsTheParserToTheContract() {
        forbids(() -> recorder.text(""));
        forbids(() -> recorder.callArguments("{}"));
        forbids(() -> recorder.callEnded(true));
        recorder.callStarted("f", null);
        forbids(() -> recorder.text("a"));
        forbids(() -> recorder.callStarted("g", null));
        forbids(() -> recorder.callArguments(""));
        forbids(recorder::finished);
        recorder.callArguments("{]");
        forbids(() -> recorder.callEnded(true));
    }

    private static void forbids(ThrowingCallable what) {
        assertThatThrownBy(what).isInstanceOf(AssertionError.class).hasMessageContaining("may not say");
    }
}
