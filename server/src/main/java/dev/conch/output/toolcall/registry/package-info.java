/**
 * All dialects of tool calling by name. In: what a model's configuration calls one. Out: its {@code ToolFormat}. Next door: the packages
 * of the shapes, each with its list.
 */
@NullMarked
package dev.conch.output.toolcall.registry;

import org.jspecify.annotations.NullMarked;
