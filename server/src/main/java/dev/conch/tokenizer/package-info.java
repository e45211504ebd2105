/**
 * Text to token ids and back. In: prompt text with the parts that the client wrote marked, and later token ids one by one. Out: ids,
 * and text that never ends inside a character. Next door: chat before it, output after it.
 */
@NullMarked
package dev.conch.tokenizer;

import org.jspecify.annotations.NullMarked;
