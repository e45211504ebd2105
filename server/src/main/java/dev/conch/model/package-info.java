/**
 * What is known about each served model. In: a model's folder and its entry in the configuration. Out: a read-only
 * {@link dev.conch.model.ModelCard}. Next door: pipeline, which asks for a card, and http, which lists them.
 */
@NullMarked
package dev.conch.model;

import org.jspecify.annotations.NullMarked;
