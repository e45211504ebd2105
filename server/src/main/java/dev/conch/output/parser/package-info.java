/**
 * The contract between whoever has the text of a choice and whoever knows what it is made of. In: text as it is generated. Out: text,
 * reasoning and calls. Next door: output, which asks; output.reasoning and output.toolcall, which know.
 */
@NullMarked
package dev.conch.output.parser;

import org.jspecify.annotations.NullMarked;
