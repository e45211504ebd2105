/**
 * Dialects that write a call as Python does, with its arguments by name. In: text. Out: text and calls, the arguments as JSON. Next door:
 * output.toolcall, whose contract they keep; output.toolcall.scan, which reads on.
 */
@NullMarked
package dev.conch.output.toolcall.pythonic;

import org.jspecify.annotations.NullMarked;
