/**
 * Functionary's format of messages, each behind the name of whom it is for: everybody, or a function. In: text. Out: text and calls. Next door:
 * output.toolcall and output.reasoning, whose contracts it keeps; output.toolcall.json, which reads arguments.
 */
@NullMarked
package dev.conch.output.toolcall.functionary;

import org.jspecify.annotations.NullMarked;
