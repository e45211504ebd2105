/**
 * Side doors: programs that check files with the parts that serve, one {@code main} each. In: arguments. Out: lines and an exit status.
 * Next door: any room that a program checks; nobody enters from here into a request.
 */
@NullMarked
package dev.conch.cli;

import org.jspecify.annotations.NullMarked;
