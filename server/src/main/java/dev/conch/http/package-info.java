/**
 * The front door. In: HTTP. Out: a request that was read strictly, and the answer's status and headers. Next door: pipeline. Here alone
 * an {@link dev.conch.generation.ErrorCode} becomes a status and an OpenAI error type.
 */
@NullMarked
package dev.conch.http;

import org.jspecify.annotations.NullMarked;
