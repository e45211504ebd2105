/**
 * The contract with whatever generates tokens. In: a {@link dev.conch.generation.GenerationRequest}. Out: token ids, pushed to an
 * {@link dev.conch.engine.EngineListener} on the request's own event loop. Next door: pipeline, which starts generations, and
 * engine.triton, which runs them. Nothing here knows of HTTP or of text.
 */
@NullMarked
package dev.conch.engine;

import org.jspecify.annotations.NullMarked;
