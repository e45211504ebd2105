package dev.conch.engine;

import dev.conch.generation.GenerationException;

/** Does something at each output before it passes it on. What it hears of the prompt it keeps to itself. */
public final class ActingListener implements EngineListener {
    private final EngineListener next;
    private final Runnable action;

    private ActingListener(EngineListener next, Runnable action) {
        this.next = next;
        this.action = action;
    }

    public static EngineListener before(EngineListener next, Runnable action) {
        return new ActingListener(next, action);
    }

    @Override
    public void onPromptRead(int cachedTokens) {}

    @Override
    public void onOutput(EngineOutput output) {
        action.run();
        next.onOutput(output);
    }

    @Override
    public void onError(GenerationException error) {
        next.onError(error);
    }
}
