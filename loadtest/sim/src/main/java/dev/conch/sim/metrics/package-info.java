/**
 * The gauges of TensorRT-LLM, as Triton shows them on its metrics port.
 *
 * <p>In: the engine's statistics. Out: Prometheus text over HTTP. Next door: {@code engine}.
 */
@NullMarked
package dev.conch.sim.metrics;

import org.jspecify.annotations.NullMarked;
