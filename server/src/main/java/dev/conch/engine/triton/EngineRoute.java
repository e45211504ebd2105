package dev.conch.engine.triton;

import dev.conch.engine.EngineListener;
import dev.conch.generation.GenerationRequest;
import dev.conch.proto.inference.ModelInferRequest;
import io.grpc.Channel;

/** A way on which requests reach a replica and their answers come back. Used on the request's event loop. */
@FunctionalInterface
interface EngineRoute {

    /** Gets ready; nothing is sent yet. */
    Exchange prepare(Attempt attempt);

    /** One request and its answer. */
    interface Exchange {

        /** Sends the request. From here on the listener is told what comes of it, possibly before this returns. */
        void begin();

        /** Has the engine stop its work; nothing more is told. Without effect on a generation that has ended. */
        void cancel();
    }

    /**
     * What is to be tried.
     *
     * @param message the request in tensors
     * @param progress checks the answer; fresh
     * @param replica where to send it
     */
    record Attempt(
            GenerationRequest request,
            ModelInferRequest message,
            GenerationProgress progress,
            EngineListener listener,
            RequestLoop loop,
            Channel replica) {}
}
