package dev.conch.sim.script;

import io.grpc.Status;
import java.time.Duration;

/**
 * What goes wrong with one request, and after how many tokens of its reply; 0 is before the first. A fault at the reply's
 * length strikes after its last token, in place of the final flag; one beyond it never strikes.
 */
public sealed interface Fault {
    /** Tokens that the client gets before the fault. */
    int afterTokens();

    /** Nothing goes wrong. */
    record None() implements Fault {
        @Override
        public int afterTokens() {
            return Integer.MAX_VALUE;
        }
    }

    /** Triton's core refuses the request before the engine sees it: an in-band error without a final flag. */
    record Refusal(String text) implements Fault {
        @Override
        public int afterTokens() {
            return 0;
        }
    }

    /** The engine fails: an in-band error with the final flag. */
    record EngineError(int afterTokens, String text) implements Fault {}

    /** The call ends with this status, and with it every request on it. */
    record CallStatus(int afterTokens, Status status) implements Fault {}

    /** The call ends with OK although the final flag is still due. */
    record Cut(int afterTokens) implements Fault {}

    /** Nothing more comes; the request lives until it is cancelled. */
    record Hang(int afterTokens) implements Fault {}

    /** Nothing comes for a while, then the reply goes on. */
    record Stall(int afterTokens, Duration duration) implements Fault {}

    /** All responses from here on break the contract. */
    record Corrupt(int afterTokens, Corruption corruption) implements Fault {}

    static Fault none() {
        return new None();
    }

    /** Triton's own queue is full. */
    static Fault queueFull() {
        return new Refusal("Exceeds maximum queue size");
    }

    /** The executor's queue inside TensorRT-LLM is full. */
    static Fault executorQueueFull(int size) {
        return errorAfter(0, "Maximum queue size of " + size + " has been reached, please try again later");
    }

    static Fault errorAfter(int tokens, String text) {
        return new EngineError(tokens, text);
    }

    static Fault unavailableAfter(int tokens) {
        return new CallStatus(tokens, Status.UNAVAILABLE.withDescription("simulated: the server goes away"));
    }

    static Fault cutAfter(int tokens) {
        return new Cut(tokens);
    }

    static Fault hangAfter(int tokens) {
        return new Hang(tokens);
    }

    static Fault stallAfter(int tokens, Duration duration) {
        return new Stall(tokens, duration);
    }

    static Fault corruptAfter(int tokens, Corruption corruption) {
        return new Corrupt(tokens, corruption);
    }
}
