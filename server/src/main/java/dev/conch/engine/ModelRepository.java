package dev.conch.engine;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The models that the engine has on its disk. For operators: nothing that a client of the API asks for comes here. All stages fail with a
 * {@link dev.conch.generation.GenerationException}. Implementations are thread-safe.
 */
public interface ModelRepository {

    /** All models of all replicas. */
    CompletionStage<List<Entry>> index();

    /** Loads the model, or loads it anew, on every replica; completes when it is ready. */
    CompletionStage<Void> load(String engineModel);

    /** Unloads the model on every replica; completes when the engine has taken note, which may be before it is gone. */
    CompletionStage<Void> unload(String engineModel);

    /**
     * One version of a model on one replica.
     *
     * @param replica number of the replica, in the order of the configuration, counted from 0
     * @param state the engine's word: {@code READY}, {@code UNAVAILABLE}, {@code LOADING}, {@code UNLOADING}; empty: never loaded
     * @param reason why it is not ready, for operators; may be empty
     */
    record Entry(int replica, String engineModel, String version, String state, String reason) {}
}
