/**
 * The one configuration file. In: YAML and the environment. Out: {@link dev.conch.config.ConchConfiguration}, checked as a whole and
 * immutable. Next door: nobody; the wiring hands plain values on to the rooms.
 */
@NullMarked
package dev.conch.config;

import org.jspecify.annotations.NullMarked;
