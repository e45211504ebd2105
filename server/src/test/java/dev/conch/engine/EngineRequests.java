package dev.conch.engine;

import dev.conch.generation.GenerationRequest;
import dev.conch.generation.SamplingParams;
import dev.conch.generation.StopConditions;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

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

    public static GenerationRequest request(StopConditions stop) {
        return of(SamplingParams.DEFAULT, stop, true);
    }

    public static GenerationRequest request(SamplingParams sampling, StopConditions stop) {
        return of(sampling, stop, true);
    }

    /** The same, with so many answers wanted. */
    public static GenerationRequest choices(GenerationRequest request, int choices) {
        return with(request, choices, request.topLogprobs());
    }

    /** The same, with logprobs wanted, and so many alternatives at each place. */
    public static GenerationRequest logprobs(GenerationRequest request, int alternatives) {
        return with(request, request.choices(), alternatives);
    }

    private static GenerationRequest with(GenerationRequest request, int choices, @Nullable Integer topLogprobs) {
        return new GenerationRequest(
                request.id(),
                request.engineModel(),
                request.promptTokenIds(),
                request.sampling(),
                request.stop(),
                choices,
                topLogprobs,
                request.streaming());
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
