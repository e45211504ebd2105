package dev.conch.sim.engine;

import dev.conch.sim.tensor.ResponseEncoder;
import java.util.stream.IntStream;

/** One of the answers to a request, as responses. Not thread-safe. */
final class Sequence {
    private final Continuation continuation;
    private final SideTensors sideTensors;
    private int sent;
    private boolean first = true;
    private boolean over;

    Sequence(Continuation continuation, SideTensors sideTensors) {
        this.continuation = continuation;
        this.sideTensors = sideTensors;
    }

    Continuation continuation() {
        return continuation;
    }

    boolean isOver() {
        return over;
    }

    /** How many of its tokens have been sent, or would have been if the request streamed. */
    int sent() {
        return sent;
    }

    /** Goes on up to this token without a word. */
    void skip(int to) {
        sent = to;
    }

    /** Tokens that others follow. */
    byte[] next(ResponseEncoder encoder, int to) {
        byte[] response =
                encoder.tokens(continuation.slice(sent, to), false, sideTensors.of(first, continuation, sent, to));
        first = false;
        sent = to;
        return response;
    }

    /** The last tokens, behind the prompt if that has to be repeated. */
    byte[] last(ResponseEncoder encoder, int[] prompt, int from, int to, boolean isFinal, EndReason reason) {
        over = true;
        int[] answer = continuation.slice(from, to);
        int[] ids = prompt.length == 0
                ? answer
                : IntStream.concat(IntStream.of(prompt), IntStream.of(answer)).toArray();
        return encoder.tokens(ids, isFinal, sideTensors.ofLast(first, continuation, from, to, reason));
    }
}
