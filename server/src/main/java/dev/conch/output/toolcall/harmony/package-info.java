/**
 * The channels of gpt-oss, in which a model thinks, calls and answers. In: text. Out: reasoning, text and calls. Next door:
 * output.toolcall and output.reasoning, whose contracts they keep; output.toolcall.json, which reads arguments.
 */
@NullMarked
package dev.conch.output.toolcall.harmony;

import org.jspecify.annotations.NullMarked;
