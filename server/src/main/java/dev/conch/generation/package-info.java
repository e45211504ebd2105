/**
 * The house vocabulary. In: nothing, this is a leaf that every room may use. Out: what is to be generated
 * ({@link dev.conch.generation.GenerationRequest}), what came of it ({@link dev.conch.generation.OutputEvent}) and how things fail
 * ({@link dev.conch.generation.GenerationException}). Next door: everyone.
 */
@NullMarked
package dev.conch.generation;

import org.jspecify.annotations.NullMarked;
