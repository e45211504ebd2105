package dev.conch.telemetry;

import dev.conch.generation.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request and its answer, watched from the request's head to the answer's last byte: in the end there is a line in the log and
 * a count in the figures. All methods are called on the connection's event loop.
 */
public final class Exchange implements Telemetry {
    /** The outcome of what went as it should. */
    public static final String COMPLETE = "complete";
    /** The outcome of what the client did not wait for. */
    public static final String CANCELLED = "cancelled";

    /** The status that stands in figures and log where a client left before there was one. */
    static final int CLIENT_LEFT = 499;

    private static final int OK = 200;

    private final Exchanges exchanges;
    private final String requestId;
    private final TraceContext trace;
    private final String method;
    private final long arrived;

    private @Nullable String keyId;
    private @Nullable String route;
    private @Nullable String errorCode;
    private @Nullable WatchedRequest request;
    private int status;
    private boolean ended;

    Exchange(Exchanges exchanges, String requestId, TraceContext trace, String method, long arrived) {
        this.exchanges = exchanges;
        this.requestId = requestId;
        this.trace = trace;
        this.method = method;
        this.arrived = arrived;
    }

    /** Where this exchange stands in its trace. */
    public TraceContext trace() {
        return trace;
    }

    /**
     * The key is known and good.
     *
     * @param keyId names it without telling it
     */
    public void caller(String keyId) {
        this.keyId = keyId;
    }

    /** The request had so many fields that nobody defined, and they were let pass. */
    public void ignored(int fields) {
        exchanges.meters().ignored(fields);
    }

    /** A request to generate was let in. At most one of an exchange. */
    @Override
    public RequestWatch begin(Facts facts) {
        WatchedRequest begun = exchanges.begin(facts, arrived);
        request = begun;
        return begun;
    }

    /**
     * The path is known.
     *
     * @param route its pattern
     */
    public void routed(String route) {
        this.route = route;
    }

    /**
     * The answer is known, if not out yet.
     *
     * @param errorCode OpenAI's {@code error.code}; null if it is no error
     */
    public void answered(int status, @Nullable String errorCode) {
        this.status = status;
        this.errorCode = errorCode;
    }

    /** The exchange is over: the answer is out, or the client is gone. Idempotent. */
    public void end() {
        if (ended) {
            return;
        }
        ended = true;
        String outcome = outcome();
        if (request != null) {
            request.ended(outcome);
        }
        exchanges.record(this, outcome);
    }

    /** What the request itself told, else what its answer says. */
    private String outcome() {
        if (request != null && request.outcome() != null) {
            return request.outcome();
        }
        if (errorCode != null) {
            return errorCode;
        }
        return status == 0 ? CANCELLED : COMPLETE;
    }

    /** Whether the answer was a stream that did not come to its end. */
    boolean cutShort(String outcome) {
        return request != null && request.facts().stream() && status == OK && !outcome.equals(COMPLETE);
    }

    String requestId() {
        return requestId;
    }

    String method() {
        return method;
    }

    @Nullable String keyId() {
        return keyId;
    }

    @Nullable String route() {
        return route;
    }

    @Nullable WatchedRequest request() {
        return request;
    }

    int status() {
        return status == 0 ? CLIENT_LEFT : status;
    }

    long arrived() {
        return arrived;
    }
}
