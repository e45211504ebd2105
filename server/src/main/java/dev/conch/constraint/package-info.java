/**
 * What an answer must look like, checked before an engine hears of it. In: a {@link dev.conch.openai.ResponseFormat}, or the schema of a
 * function's parameters. Out: a {@link dev.conch.generation.OutputConstraint} in the words that XGrammar and llguidance understand alike, or
 * an error that names keyword and limit. Next door: pipeline, which asks, and generation.
 */
@NullMarked
package dev.conch.constraint;

import org.jspecify.annotations.NullMarked;
