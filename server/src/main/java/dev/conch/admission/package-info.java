/**
 * How many may be inside at once. In: a request that wants to enter. Out: a {@link dev.conch.admission.Permit}, held until its answer
 * is closed, a bounded wait for it, or a refusal. Next door: pipeline.
 */
@NullMarked
package dev.conch.admission;

import org.jspecify.annotations.NullMarked;
