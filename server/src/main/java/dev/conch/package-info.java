/**
 * The front end as one program. In: the command line and the environment. Out: a listening server. Next door: every room; nothing but
 * the wiring lives here.
 */
@NullMarked
package dev.conch;

import org.jspecify.annotations.NullMarked;
