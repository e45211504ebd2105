/**
 * What an operator sees. In: what happens to requests, told by pipeline and http. Out: figures and lines of the log, never a prompt or an
 * answer. Next door: pipeline and http, which tell.
 */
@NullMarked
package dev.conch.telemetry;

import org.jspecify.annotations.NullMarked;
