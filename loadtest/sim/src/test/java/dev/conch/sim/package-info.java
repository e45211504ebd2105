/** Tests of the simulated Triton through its wire. In: scripts. Out: what a client sees. Next door: the parts' own tests. */
@NullMarked
package dev.conch.sim;

import org.jspecify.annotations.NullMarked;
