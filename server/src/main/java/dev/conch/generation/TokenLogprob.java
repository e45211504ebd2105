package dev.conch.generation;

import java.util.List;

/**
 * How likely the engine held one generated token, and what it might have said instead.
 *
 * @param tokenId the token that was sampled
 * @param logprob natural logarithm of its probability, at most 0
 * @param alternatives the most likely tokens at this place, most likely first; empty if none were asked for
 */
public record TokenLogprob(int tokenId, float logprob, List<Alternative> alternatives) {

    public TokenLogprob {
        alternatives = List.copyOf(alternatives);
    }

    /** One of the tokens that could have stood here. */
    public record Alternative(int tokenId, float logprob) {}
}
