/**
 * The template engine for the Hugging Face dialect of Jinja. In: a template's source, once; then plain values for each rendering. Out:
 * {@link dev.conch.chat.jinja.RenderedText}, which knows which of its characters a client wrote. Next door: chat, which knows what the
 * values mean.
 *
 * <p>Start at {@link dev.conch.chat.jinja.JinjaTemplate}. The lexer and the parsers make a tree of {@code Statement}s and
 * {@code Expression}s, which run themselves over {@code Value}s: Python's values, because that is what the templates of the world were
 * written for. There is no reflection and no way to anything but values.
 */
@NullMarked
package dev.conch.chat.jinja;

import org.jspecify.annotations.NullMarked;
