/**
 * Events to what goes over the wire. In: {@link dev.conch.generation.OutputEvent}s. Out: chunks as server-sent events, or one answer:
 * two folds over the same events. Next door: pipeline, which pushes events in, and http, which hands the body to the connection.
 */
@NullMarked
package dev.conch.response;

import org.jspecify.annotations.NullMarked;
