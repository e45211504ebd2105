/**
 * Messages to prompt text. In: the conversation of a request and the model's own templates. Out: a
 * {@link dev.conch.chat.RenderedPrompt} that knows which parts the client wrote. Next door: openai before it, tokenizer after it.
 */
@NullMarked
package dev.conch.chat;

import org.jspecify.annotations.NullMarked;
