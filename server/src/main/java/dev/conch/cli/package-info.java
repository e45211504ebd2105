/**
 * Side doors: programs that check a part of the house from the command line. In: a folder or a file. Out: lines, and an exit status. Next
 * door: the rooms that each of them checks; nobody knows this one.
 */
@NullMarked
package dev.conch.cli;

import org.jspecify.annotations.NullMarked;
