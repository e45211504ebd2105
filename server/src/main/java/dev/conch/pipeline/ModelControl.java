package dev.conch.pipeline;

import dev.conch.engine.ModelRepository;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Loads and unloads the engine's models at an operator's word, one thing at a time with each. Thread-safe. */
public final class ModelControl {
    private final ModelRepository repository;
    private final Set<String> busy = ConcurrentHashMap.newKeySet();

    public ModelControl(ModelRepository repository) {
        this.repository = repository;
    }

    /**
     * One version of a model on one replica of the engine.
     *
     * @param replica its number, counted from 0
     * @param name in the engine
     * @param state the engine's word, such as {@code READY}; empty: never loaded
     * @param reason why it is not ready; may be empty
     */
    public record State(int replica, String name, String version, String state, String reason) {}

    /** All models of all replicas. */
    public CompletionStage<List<State>> index() {
        return repository
                .index()
                .thenApply(entries -> entries.stream()
                        .map(entry -> new State(
                                entry.replica(), entry.engineModel(), entry.version(), entry.state(), entry.reason()))
                        .toList());
    }

    /**
     * Completes when the model is ready on all replicas.
     *
     * @throws GenerationException {@code MODEL_BUSY}
     */
    public CompletionStage<Void> load(String engineModel) {
        return alone(engineModel, repository::load);
    }

    /**
     * Completes when all replicas have taken note.
     *
     * @throws GenerationException {@code MODEL_BUSY}
     */
    public CompletionStage<Void> unload(String engineModel) {
        return alone(engineModel, repository::unload);
    }

    private CompletionStage<Void> alone(String engineModel, Function<String, CompletionStage<Void>> act) {
        if (!busy.add(engineModel)) {
            throw new GenerationException(
                    ErrorCode.MODEL_BUSY,
                    "The model is being loaded or unloaded already. Try again when that is done.");
        }
        return act.apply(engineModel).whenComplete((_, _) -> busy.remove(engineModel));
    }
}
