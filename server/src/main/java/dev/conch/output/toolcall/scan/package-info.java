/**
 * What the parsers of dialects with marks in their text are made of. In: text in chunks. Out: the marks in it, and what stands between
 * them. Next door: the packages of the shapes, which say what the marks mean.
 */
@NullMarked
package dev.conch.output.toolcall.scan;

import org.jspecify.annotations.NullMarked;
