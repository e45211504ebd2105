/**
 * Step-batched streaming of the simulated server: subscriptions, what is said in them, and the responses of a step.
 *
 * <p>In: requests that {@link dev.conch.sim.grpc} has let through. Out: encoded responses, one for each step that has news. Next door:
 * {@link dev.conch.sim.engine}, which generates without knowing of it.
 */
@NullMarked
package dev.conch.sim.subscription;

import org.jspecify.annotations.NullMarked;
