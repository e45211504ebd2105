package dev.conch.pipeline;

import dev.conch.generation.GenerationException;
import dev.conch.generation.TraceContext;
import dev.conch.openai.ErrorResponse;
import dev.conch.telemetry.Telemetry;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/** What the corridor needs to know of the connection that a request came by. */
public interface ClientConnection {

    /** The single thread that carries the request from end to end. */
    ScheduledExecutorService eventLoop();

    /**
     * Asks to be told, on the event loop and once, when the exchange is over: the client hung up or reset its stream, or the answer is out.
     * A listener that comes too late is told at once.
     */
    void onClosed(Runnable listener);

    /**
     * Asks to be told, on the event loop and once, when this exchange has to end before its answer is whole, because the server does. A
     * listener that comes too late is told at once.
     */
    void onAborted(Consumer<GenerationException> listener);

    /** The name under which the client knows this exchange ({@code x-request-id}). */
    String requestId();

    /** Watches what becomes of this exchange. */
    Telemetry telemetry();

    /** Where this exchange stands in its trace. */
    TraceContext trace();

    /** How a failure looks to this client, for an answer that has already begun. */
    ErrorResponse describe(GenerationException error);
}
