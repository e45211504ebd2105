/**
 * What a model thinks before it answers. In: the text of an answer, and the end of the prompt. Out: reasoning, and the text without it.
 * Next door: output, which asks; output.toolcall, which reads on.
 */
@NullMarked
package dev.conch.output.reasoning;

import org.jspecify.annotations.NullMarked;
