/**
 * Dialects that write calls in a section of their own, each with a header between control tokens and then its arguments as JSON. In: text.
 * Out: text and calls. Next door: output.toolcall, whose contract they keep; output.toolcall.json, which reads arguments;
 * output.toolcall.scan, which finds the tokens.
 */
@NullMarked
package dev.conch.output.toolcall.section;

import org.jspecify.annotations.NullMarked;
