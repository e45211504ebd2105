/**
 * What the engine says, made readable. In: token ids. Out: {@link dev.conch.generation.OutputEvent}s. Single-threaded state machines
 * without I/O, clock or framework. Next door: engine before it, response after it.
 */
@NullMarked
package dev.conch.output;

import org.jspecify.annotations.NullMarked;
