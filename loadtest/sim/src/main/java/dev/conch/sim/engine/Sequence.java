package dev.conch.sim.engine;

import dev.conch.sim.tensor.ResponseEncoder;
import java.util.stream.IntStream;

/** One of the answers to a request, as responses. Not thread-safe. */
final class Sequence {
    private final Continuation continuation;
    private final SideTensors sideTensors;
    private int sent;
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

    /** How many of its tokens are in the KV cache: the last one is not evaluated unless the engine had to see that EOS follows. */
    int evaluated() {
        return over && sent == continuation.length() && continuation.endsWithEos() ? sent : Math.max(0, sent - 1);
    }

    /** Goes on up to this token without a word. */
    void skip(int to) {
        sent = to;
    }

    /**
     * Tokens that others follow.
     *
     * @param isFirst whether the request has had no response yet
     */
    byte[] next(ResponseEncoder encoder, int to, boolean isFirst) {
        byte[] response =
                encoder.tokens(continuation.slice(sent, to), false, sideTensors.of(isFirst, continuation, sent, to));
        sent = to;
        return response;
    }

    /** The last tokens, behind the prompt if that has to be repeated. */
    byte[] last(
            ResponseEncoder encoder,
            int[] prompt,
            int from,
            int to,
            boolean isFirst,
            boolean isFinal,
            EndReason reason) {
        over = true;
        sent = to;
        int[] answer = continuation.slice(from, to);
        int[] ids = prompt.length == 0
                ? answer
                : IntStream.concat(IntStream.of(prompt), IntStream.of(answer)).toArray();
        return encoder.tokens(ids, isFinal, sideTensors.ofLast(isFirst, continuation, from, to, reason));
    }
}
