/**
 * The dialects of tool calling, foldered by the shape of their grammar. In: the text of an answer, and the functions that were offered.
 * Out: text and calls; and the constraint that makes the model write them. Next door: output, which asks.
 */
@NullMarked
package dev.conch.output.toolcall;

import org.jspecify.annotations.NullMarked;
