package dev.conch.engine;

import dev.conch.generation.GenerationRequest;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Generates tokens. Implementations are thread-safe. */
public interface InferenceEngine {

    /**
     * Starts a generation and returns at once. A failure to start is reported to the listener like any other, never thrown.
     *
     * @param listener told everything that comes of it, one call at a time, on {@code eventLoop} and never before this method returned
     * @param eventLoop the single-threaded executor that carries the request from end to end
     */
    RunningGeneration start(GenerationRequest request, EngineListener listener, Executor eventLoop);

    /**
     * Whether the engine can be reached and has the model loaded. Never fails: what cannot be asked is not ready.
     *
     * @param engineModel the model's name inside the engine
     */
    CompletionStage<Boolean> ready(String engineModel);

    /** Each replica of the engine by the name that the operator gave it, and whether it answers. Never fails; none if there are no replicas. */
    default CompletionStage<Map<String, Boolean>> replicas() {
        return CompletableFuture.completedFuture(Map.of());
    }

    /**
     * What a model can do, as the engine says itself. Fails with a {@link dev.conch.generation.GenerationException} if it cannot be asked.
     *
     * @param engineModel the model's name inside the engine
     */
    CompletionStage<EngineCapabilities> capabilities(String engineModel);
}
