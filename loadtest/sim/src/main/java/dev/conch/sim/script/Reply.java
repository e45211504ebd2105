package dev.conch.sim.script;

import java.util.Arrays;
import java.util.List;

/**
 * What the engine answers to one request: tokens, how many of them travel in a response, and what goes wrong. Immutable.
 *
 * <p>A reply is what the model would say if it were let: the request still cuts it short by its length limit, its end id and
 * its stop words, exactly as with a real engine. A reply that ends before the length limit ends by EOS.
 *
 * @param tokens where the token ids come from
 * @param tokensPerResponse upper bound of new tokens in one streamed response; more than one is what speculative decoding or a
 *     lagging server look like
 * @param cachedTokens tokens of the prompt that the engine says it did not compute anew; the prompt's length at most
 */
public record Reply(Tokens tokens, int tokensPerResponse, Fault fault, int cachedTokens) {
    public Reply {
        if (tokensPerResponse < 1) {
            throw new IllegalArgumentException("tokensPerResponse: " + tokensPerResponse + " (expected: at least 1)");
        }
    }

    /** Where token ids come from. */
    public sealed interface Tokens {}

    /** These ids, then EOS. */
    public record Scripted(List<Integer> ids) implements Tokens {
        public Scripted {
            ids = List.copyOf(ids);
        }
    }

    /** To each of the request's choices its own ids, then EOS. */
    public record ScriptedChoices(List<List<Integer>> ids) implements Tokens {
        public ScriptedChoices {
            ids = ids.stream().map(List::copyOf).toList();
        }
    }

    /** Ids that follow from the sequence so far and the seed, and EOS after this many. */
    public record Generated(int length) implements Tokens {}

    /** Says these ids. */
    public static Reply ofTokens(int... ids) {
        return ofTokens(Arrays.stream(ids).boxed().toList());
    }

    /** Says these ids; for real text, tokenize it first. */
    public static Reply ofTokens(List<Integer> ids) {
        return new Reply(new Scripted(ids), 1, Fault.none(), 0);
    }

    /** Says these ids, one list to each choice that the request asks for. */
    public static Reply ofChoices(List<List<Integer>> ids) {
        return new Reply(new ScriptedChoices(ids), 1, Fault.none(), 0);
    }

    /** Says ids of its own making until the request's length limit. */
    public static Reply generated() {
        return generated(Integer.MAX_VALUE);
    }

    /** Says at most this many ids of its own making. */
    public static Reply generated(int length) {
        return new Reply(new Generated(length), 1, Fault.none(), 0);
    }

    /** The same reply, with this going wrong. */
    public Reply with(Fault newFault) {
        return new Reply(tokens, tokensPerResponse, newFault, cachedTokens);
    }

    /** The same reply, in responses of up to this many tokens. */
    public Reply withTokensPerResponse(int count) {
        return new Reply(tokens, count, fault, cachedTokens);
    }

    /** The same reply of an engine that had so much of the prompt already. */
    public Reply withCachedTokens(int count) {
        return new Reply(tokens, tokensPerResponse, fault, count);
    }
}
