/**
 * Dialects that write a call as a JSON object. In: text, and a {@code JsonDialect} that says where the object stands. Out: text and calls.
 * Next door: output.toolcall, whose contract they keep.
 */
@NullMarked
package dev.conch.output.toolcall.json;

import org.jspecify.annotations.NullMarked;
