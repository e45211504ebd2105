/**
 * What functions say of each of their parameters, for dialects that write arguments one by one. In: the schema of a function. Out: names,
 * forms and schemas of its parameters. Next door: the packages of the shapes, which ask.
 */
@NullMarked
package dev.conch.output.toolcall.schema;

import org.jspecify.annotations.NullMarked;
