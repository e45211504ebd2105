/**
 * Where an answer is to end. In: text as it is decoded, and the stop sequences of the request. Out: the text before the first stop
 * sequence, as soon as it is certain that it is before. Next door: output, which asks.
 */
@NullMarked
package dev.conch.output.stop;

import org.jspecify.annotations.NullMarked;
