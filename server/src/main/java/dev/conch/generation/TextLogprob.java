package dev.conch.generation;

import java.util.List;

/**
 * A {@link TokenLogprob} for somebody who does not know the vocabulary.
 *
 * @param token the token that was sampled
 * @param logprob natural logarithm of its probability, at most 0
 * @param alternatives the most likely tokens at this place, most likely first; empty if none were asked for
 * @param offset how many characters (code points) of the choice's text are before the token's first
 */
public record TextLogprob(TokenText token, float logprob, List<Alternative> alternatives, int offset) {

    public TextLogprob {
        alternatives = List.copyOf(alternatives);
    }

    /** One of the tokens that could have stood here. */
    public record Alternative(TokenText token, float logprob) {}
}
