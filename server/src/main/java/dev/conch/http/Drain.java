package dev.conch.http;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.http.connection.OpenConnections;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How far the server has come in ending. First it is not ready any more, so that nobody sends it new clients; then it takes no new requests,
 * and those inside finish; what has not finished in time is told so. The times are those of whoever calls. Thread-safe.
 */
public final class Drain {
    private final Set<HttpConnection> inside = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<@Nullable Void> empty = new CompletableFuture<>();
    private final OpenConnections connections;
    private volatile State state = State.OPEN;

    private enum State {
        OPEN,
        LEAVING,
        CLOSED
    }

    /**
     * Of a server that is open.
     *
     * @param connections where clients stay who would not hear of it otherwise
     */
    public Drain(OpenConnections connections) {
        this.connections = connections;
    }

    /** Whether clients should come here. */
    boolean isOpen() {
        return state == State.OPEN;
    }

    /** From now on the server is not ready. */
    public void announce() {
        state = State.LEAVING;
        connections.announceGoAway();
    }

    /**
     * From now on the server takes no new requests.
     *
     * @return completes when nobody is inside any more
     */
    public CompletionStage<@Nullable Void> close() {
        state = State.CLOSED;
        connections.goAway();
        completeIfEmpty();
        return empty.copy();
    }

    /** Ends all that is inside: with an error event what has begun to answer, with a 503 what has not. */
    public void abort() {
        inside.forEach(connection -> connection.abort(refusal()));
    }

    /**
     * Lets a request in, or not.
     *
     * @throws GenerationException {@code SHUTTING_DOWN}
     */
    void admit(HttpConnection connection) {
        if (state == State.CLOSED) {
            throw refusal();
        }
        inside.add(connection);
        connection.onClosed(() -> leave(connection));
    }

    private static GenerationException refusal() {
        return new GenerationException(ErrorCode.SHUTTING_DOWN, "The server is shutting down. Try again.");
    }

    private void leave(HttpConnection connection) {
        inside.remove(connection);
        completeIfEmpty();
    }

    private void completeIfEmpty() {
        if (state == State.CLOSED && inside.isEmpty()) {
            empty.complete(null);
        }
    }
}
