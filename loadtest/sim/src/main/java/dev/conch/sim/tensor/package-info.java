/**
 * The tensor contract as bytes: what may be sent, what was sent, and the responses.
 *
 * <p>In: KServe messages. Out: {@link dev.conch.sim.tensor.Tensor}s, and encoded responses. Next door:
 * {@link dev.conch.sim.engine} decides what they say, {@link dev.conch.sim.grpc} carries them.
 */
@NullMarked
package dev.conch.sim.tensor;

import org.jspecify.annotations.NullMarked;
