/** Tests of what lies in the package of the same name. In: values. Out: values. Next door: the tests on the wire. */
@NullMarked
package dev.conch.sim.engine;

import org.jspecify.annotations.NullMarked;
