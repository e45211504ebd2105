package dev.conch.engine;

import dev.conch.generation.GenerationRequest;
import dev.conch.generation.SamplingParams;
import dev.conch.generation.StopConditions;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Requests for tests of engines: valid, small, each with an id of its own. */
public final class EngineRequests {
    public static final String MODEL = "tensorrt_llm";

    /** The token with which the model of these requests ends its turn. */
    public static final int END_TOKEN = 2;

    private static final AtomicInteger COUNTER = new AtomicInteger();

    private EngineRequests() {}

    public static GenerationRequest request() {
        return request(64);
    }

    public static GenerationRequest request(int maxTokens) {
        return request(maxTokens, END_TOKEN);
    }

    public static GenerationRequest request(int maxTokens, Integer... endTokenIds) {
        return of(SamplingParams.DEFAULT, StopConditions.of(maxTokens, List.of(endTokenIds), List.of()), true);
    }

    public static GenerationRequest request(SamplingParams sampling) {
        return of(sampling, StopConditions.of(64, List.of(END_TOKEN), List.of()), true);
    }

    /** Wants its answer in one piece. */
    public static GenerationRequest singleAnswer() {
        return of(SamplingParams.DEFAULT, StopConditions.of(64, List.of(END_TOKEN), List.of()), false);
    }

    private static GenerationRequest of(SamplingParams sampling, StopConditions stop, boolean streaming) {
        String id = "test-" + COUNTER.incrementAndGet();
        return new GenerationRequest(
                id, MODEL, IntStream.range(100, 110).toArray(), sampling, stop, 1, null, streaming);
    }
}
