/**
 * The corridor: the only package that knows the order of the rooms. In: a request that was read and the connection that it came by.
 * Out: the body of its answer, or one failure. Next door: every room but http, which stands at its door.
 */
@NullMarked
package dev.conch.pipeline;

import org.jspecify.annotations.NullMarked;
