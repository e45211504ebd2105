package dev.conch.http;

import io.micronaut.core.order.Ordered;

/** The order of the filters, outermost first. */
final class FilterOrder {
    /** What is refused has a name ... */
    static final int REQUEST_ID = Ordered.HIGHEST_PRECEDENCE;
    /** ... and a time ... */
    static final int PROCESSING_TIME = REQUEST_ID + 1;
    /** ... and is watched. */
    static final int EXCHANGE = PROCESSING_TIME + 1;
    /** Behind all that may answer; what is watched is the answer as it goes out. */
    static final int OPTIONS_ANSWER = EXCHANGE + 1;
    /** Pages may read refusals too. */
    static final int CORS_ANSWER = OPTIONS_ANSWER + 1;

    static final int REQUEST_SIZE = CORS_ANSWER + 1;
    /** Ahead of the keys: browsers ask without one. */
    static final int CORS_PREFLIGHT = REQUEST_SIZE + 1;

    static final int API_KEY = CORS_PREFLIGHT + 1;
    static final int DRAIN = API_KEY + 1;
    static final int LISTENER = DRAIN + 1;

    private FilterOrder() {}
}
