package dev.conch.admission;

/** Hears what happens at the door, on whichever thread it happens. Must not block. */
public interface AdmissionListener {

    /**
     * A request has left the queue.
     *
     * @param nanos how long it was there
     */
    void onQueueLeft(QueueEnd end, long nanos);

    /** A request was turned away. */
    void onRefused(Refusal reason);

    /** How a wait ended. */
    enum QueueEnd {
        /** A place was free. */
        ADMITTED,
        /** It took too long. */
        EXPIRED,
        /** The client did not wait. */
        ABANDONED
    }

    /** Why a request was turned away. */
    enum Refusal {
        /** All places are taken, those in the queue too. */
        QUEUE_FULL,
        /** No place was free in time. */
        QUEUE_WAIT,
        /** Next to no memory is left. */
        HEAP
    }
}
