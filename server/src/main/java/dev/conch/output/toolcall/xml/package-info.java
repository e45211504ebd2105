/**
 * Dialects that write each argument between tags of its own, as text whose type only the function's schema knows. In: text, and an
 * {@code XmlDialect} that says what the tags are. Out: text and calls. Next door: output.toolcall, whose contract they keep;
 * output.toolcall.scan, which finds the tags.
 */
@NullMarked
package dev.conch.output.toolcall.xml;

import org.jspecify.annotations.NullMarked;
