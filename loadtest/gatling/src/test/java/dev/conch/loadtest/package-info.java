/**
 * Load on a running Conch, from the outside.
 *
 * <p>In: the address of a server, and how many users. Out: Gatling's report; a failed request fails the run. Next door: nobody;
 * this module sees only HTTP.
 */
@NullMarked
package dev.conch.loadtest;

import org.jspecify.annotations.NullMarked;
