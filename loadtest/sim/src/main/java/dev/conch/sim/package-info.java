/**
 * A simulated Triton: the wire, the tensor contract and the faults of the real one, and no model.
 *
 * <p>In: a script. Out: a server, in this process or over TCP. Next door: {@link dev.conch.sim.script} has the words that
 * scripts are written in.
 */
@NullMarked
package dev.conch.sim;

import org.jspecify.annotations.NullMarked;
