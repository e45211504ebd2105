package dev.conch.admission;

import dev.conch.admission.AdmissionListener.QueueEnd;
import dev.conch.admission.AdmissionListener.Refusal;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import java.util.Comparator;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets a maximum of requests be inside and a maximum wait, for no longer than is of use; refuses all others at once. Of those that wait the
 * most urgent is first, and of equals who came first. Who leaves gives the place to the first in the queue, so a queue is there only while
 * all places are taken. Thread-safe: a lock
 * guards the count and the queue, for a few steps at a time, and nobody is called while it is held.
 */
public final class AdmissionController {
    private final AdmissionLimits limits;
    private final BooleanSupplier heapIsFull;
    private final LongSupplier nanoTime;
    private final AdmissionListener listener;

    private final Object lock = new Object();
    private final TreeSet<Place> queue = new TreeSet<>(
            Comparator.<Place>comparingInt(place -> place.priority).thenComparingLong(place -> place.number));
    private long arrivals;
    private int inside;

    private enum State {
        OUTSIDE,
        WAITING,
        INSIDE
    }

    /**
     * Opens the door.
     *
     * @param heapIsFull whether there is no memory for one more request
     * @param nanoTime monotonic time in nanoseconds
     */
    public AdmissionController(
            AdmissionLimits limits, BooleanSupplier heapIsFull, LongSupplier nanoTime, AdmissionListener listener) {
        this.limits = limits;
        this.heapIsFull = heapIsFull;
        this.nanoTime = nanoTime;
        this.listener = listener;
    }

    /**
     * Lets one request in, or has it wait. To be called on the request's event loop.
     *
     * @param priority its place among those that wait: the lower, the earlier
     * @return what has to be closed when the request is over, whether or not it was granted
     * @throws GenerationException {@code OVERLOADED} if there is no place, not even to wait
     */
    public Permit enter(ScheduledExecutorService eventLoop, int priority) {
        if (heapIsFull.getAsBoolean()) {
            throw refusal(Refusal.HEAP);
        }
        var place = new Place(eventLoop, priority);
        switch (take(place)) {
            case INSIDE -> place.granted.complete(place);
            case WAITING -> place.startWaiting();
            case OUTSIDE -> throw refusal(Refusal.QUEUE_FULL);
        }
        return place;
    }

    private State take(Place place) {
        synchronized (lock) {
            if (inside < limits.maxConcurrentRequests()) {
                inside++;
                place.state = State.INSIDE;
            } else if (queue.size() < limits.maxQueuedRequests()) {
                place.number = arrivals++;
                queue.add(place);
                place.state = State.WAITING;
            }
            return place.state;
        }
    }

    /** Takes a place away from its holder, and gives it to the first in the queue if it was one inside. */
    private State leave(Place place) {
        Place next = null;
        State left;
        synchronized (lock) {
            left = place.state;
            place.state = State.OUTSIDE;
            switch (left) {
                case WAITING -> queue.remove(place);
                case INSIDE -> next = passOn();
                case OUTSIDE -> {}
            }
        }
        if (next != null) {
            next.tellGranted();
        }
        return left;
    }

    private @Nullable Place passOn() {
        Place next = queue.pollFirst();
        if (next == null) {
            inside--;
        } else {
            next.state = State.INSIDE;
        }
        return next;
    }

    /** Whether the place was in the queue, and is no longer. */
    private boolean expire(Place place) {
        synchronized (lock) {
            if (place.state != State.WAITING) {
                return false;
            }
            queue.remove(place);
            place.state = State.OUTSIDE;
            return true;
        }
    }

    private GenerationException refusal(Refusal reason) {
        listener.onRefused(reason);
        return new GenerationException(
                ErrorCode.OVERLOADED, "The server is at its limit of concurrent requests. Try again shortly.");
    }

    /** How many requests are inside now. */
    public int inside() {
        synchronized (lock) {
            return inside;
        }
    }

    /** How many requests wait now. */
    public int queued() {
        synchronized (lock) {
            return queue.size();
        }
    }

    /** How many requests may be inside. */
    public int limit() {
        return limits.maxConcurrentRequests();
    }

    private final class Place implements Permit {
        private final ScheduledExecutorService eventLoop;
        private final int priority;
        private final CompletableFuture<Permit> granted = new CompletableFuture<>();
        /** Guarded by the lock. */
        private State state = State.OUTSIDE;

        /** Guarded by the lock: how many have come to the queue before it. */
        private long number;

        private long waitingSince;
        private volatile @Nullable Future<?> timer;

        Place(ScheduledExecutorService eventLoop, int priority) {
            this.eventLoop = eventLoop;
            this.priority = priority;
        }

        /** Nobody tells of a grant before this is done: that happens on the same event loop. */
        void startWaiting() {
            waitingSince = nanoTime.getAsLong();
            timer = eventLoop.schedule(this::expire, limits.maxQueueWait().toNanos(), TimeUnit.NANOSECONDS);
        }

        private void expire() {
            if (AdmissionController.this.expire(this)) {
                leftQueue(QueueEnd.EXPIRED);
                granted.completeExceptionally(refusal(Refusal.QUEUE_WAIT));
            }
        }

        void tellGranted() {
            try {
                eventLoop.execute(this::grant);
            } catch (RejectedExecutionException e) {
                // its event loop has ended, and so has its connection
                close();
            }
        }

        private void grant() {
            leftQueue(QueueEnd.ADMITTED);
            if (isInside()) {
                granted.complete(this);
            }
        }

        private boolean isInside() {
            synchronized (lock) {
                return state == State.INSIDE;
            }
        }

        private void leftQueue(QueueEnd end) {
            Future<?> running = timer;
            if (running != null) {
                running.cancel(false);
            }
            listener.onQueueLeft(end, nanoTime.getAsLong() - waitingSince);
        }

        @Override
        public CompletionStage<Permit> granted() {
            return granted;
        }

        @Override
        public void close() {
            if (leave(this) == State.WAITING) {
                leftQueue(QueueEnd.ABANDONED);
            }
        }
    }
}
