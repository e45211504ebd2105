/**
 * Load on a running Conch, from the outside.
 *
 * <p>In: the address of a server, a profile, an SLO. Out: a summary and Gatling's report; a broken SLO or a failed stream fails the run.
 * Next door: nobody; only its tests know the simulated Triton.
 */
@NullMarked
package dev.conch.loadtest;

import org.jspecify.annotations.NullMarked;
