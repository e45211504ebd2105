/**
 * The simulated engine: decides what each request is answered, and when.
 *
 * <p>In: checked requests with the replies that the script gives them. Out: encoded responses to a
 * {@link dev.conch.sim.engine.ResponseSink}. Next door: {@link dev.conch.sim.grpc}.
 */
@NullMarked
package dev.conch.sim.engine;

import org.jspecify.annotations.NullMarked;
