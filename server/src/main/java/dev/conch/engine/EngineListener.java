package dev.conch.engine;

import dev.conch.generation.GenerationException;

/**
 * Hears what comes of one generation, on the request's event loop, one call at a time. For each choice: any number of outputs, the
 * last of which carries an {@link EngineOutput#end()}. Instead of what is still missing there may be one {@link #onError}; after it,
 * nothing.
 */
public interface EngineListener {

    /**
     * The prompt has been read. Told at most once, before the first output, by engines that can tell.
     *
     * @param cachedTokens how many tokens of it were not computed anew
     */
    void onPromptRead(int cachedTokens);

    void onOutput(EngineOutput output);

    /** The generation failed; its code is one of the categories OVERLOADED, UPSTREAM, INTERNAL, or a USER code that the engine alone could find. */
    void onError(GenerationException error);
}
