/**
 * Chat formats that Conch brings along, for models that ship no template. In: the name of a format. Out: a
 * {@link dev.conch.chat.format.ChatFormat}, whose template chat renders like any other. Next door: model, which fits a format to a
 * model's tokenizer.
 */
@NullMarked
package dev.conch.chat.format;

import org.jspecify.annotations.NullMarked;
