/**
 * The simulated server's face: KServe v2 and gRPC health over any transport.
 *
 * <p>In: calls. Out: what Triton would answer, refusals of its core included. Next door: {@link dev.conch.sim.engine}.
 */
@NullMarked
package dev.conch.sim.grpc;

import org.jspecify.annotations.NullMarked;
