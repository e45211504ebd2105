package dev.conch.chat.jinja;

import java.time.Clock;

/**
 * What belongs to one rendering and to no scope.
 *
 * @param clock what {@code strftime_now} reads
 */
record Rendering(Budget budget, Clock clock) {}
