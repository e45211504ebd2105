package dev.conch;

import dev.conch.engine.ModelRepository;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Stands where an engine has no models to load. */
final class NoRepository implements ModelRepository {

    @Override
    public CompletionStage<List<Entry>> index() {
        return refused();
    }

    @Override
    public CompletionStage<Void> load(String engineModel) {
        return refused();
    }

    @Override
    public CompletionStage<Void> unload(String engineModel) {
        return refused();
    }

    private static <T> CompletionStage<T> refused() {
        return CompletableFuture.failedFuture(new GenerationException(
                ErrorCode.NO_HEALTHY_BACKEND, "The engine has no repository of models to control."));
    }
}
