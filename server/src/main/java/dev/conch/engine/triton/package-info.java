/**
 * The way to NVIDIA Triton: KServe v2 over gRPC, one stream for each generation or for all of an event loop. In: a
 * {@link dev.conch.generation.GenerationRequest}, encoded as tensors by {@link dev.conch.engine.triton.TensorCodec}. Out: what Triton
 * streams back, as {@link dev.conch.engine.EngineOutput}. Next door: engine, whose contract this fulfils; nobody else speaks gRPC.
 */
@NullMarked
package dev.conch.engine.triton;

import org.jspecify.annotations.NullMarked;
