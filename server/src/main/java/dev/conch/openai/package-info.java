/**
 * OpenAI's wire types: one record per schema of its specification, names and fields as there, no behaviour. In: nothing. Out:
 * requests as read and answers as written. Next door: http, which reads them, and response, which writes them.
 */
@NullMarked
package dev.conch.openai;

import org.jspecify.annotations.NullMarked;
