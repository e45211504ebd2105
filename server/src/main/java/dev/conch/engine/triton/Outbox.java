package dev.conch.engine.triton;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;

/**
 * What a subscription has to say to the engine: collected during one pass of the event loop, and sent together at its end. Not thread-safe.
 */
final class Outbox {
    /** A message that is larger than this takes no further submission. */
    private static final int MAX_BYTES = 16 << 20;

    private final RequestLoop loop;
    private final Carrier carrier;
    private List<SubscribedExchange> submissions = new ArrayList<>();
    private List<Long> stops = new ArrayList<>();
    private boolean flushing;

    /** Sends what was collected. */
    interface Carrier {

        /** Whether something may be sent; if not, {@link Outbox#flush} is called when it may. */
        boolean isOpen();

        void submit(List<SubscribedExchange> exchanges, List<ByteString> submissions);

        void stop(List<Long> handles);
    }

    Outbox(RequestLoop loop, Carrier carrier) {
        this.loop = loop;
        this.carrier = carrier;
    }

    void submit(SubscribedExchange exchange) {
        submissions.add(exchange);
        flushLater();
    }

    void stop(long handle) {
        stops.add(handle);
        flushLater();
    }

    private void flushLater() {
        if (!flushing) {
            flushing = true;
            loop.executeLater(this::flush);
        }
    }

    /** Sends all that there is: submissions first, so that nothing is stopped before it is there. */
    void flush() {
        flushing = false;
        if (!carrier.isOpen()) {
            return;
        }
        List<SubscribedExchange> starting = submissions;
        List<Long> stopping = stops;
        submissions = new ArrayList<>();
        stops = new ArrayList<>();
        submit(starting);
        if (!stopping.isEmpty()) {
            carrier.stop(stopping);
        }
    }

    /** Forgets all that there is; returns the generations that were to start. */
    List<SubscribedExchange> clear() {
        List<SubscribedExchange> starting = submissions;
        submissions = new ArrayList<>();
        stops = new ArrayList<>();
        return starting;
    }

    private void submit(List<SubscribedExchange> starting) {
        List<SubscribedExchange> exchanges = new ArrayList<>(starting.size());
        List<ByteString> batch = new ArrayList<>(starting.size());
        int bytes = 0;
        for (SubscribedExchange exchange : starting) {
            if (exchange.isOver()) {
                continue;
            }
            ByteString submission = exchange.submission();
            exchanges.add(exchange);
            batch.add(submission);
            bytes += submission.size();
            if (bytes > MAX_BYTES) {
                carrier.submit(exchanges, batch);
                exchanges = new ArrayList<>();
                batch = new ArrayList<>();
                bytes = 0;
            }
        }
        if (!batch.isEmpty()) {
            carrier.submit(exchanges, batch);
        }
    }
}
