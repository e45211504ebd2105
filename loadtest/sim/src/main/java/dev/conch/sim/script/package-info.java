/**
 * What the simulated engine shall say and do, as plain values.
 *
 * <p>In: what a test or a command line wants. Out: replies, faults, paces and variants that the engine obeys. Next door:
 * {@link dev.conch.sim.engine}.
 */
@NullMarked
package dev.conch.sim.script;

import org.jspecify.annotations.NullMarked;
