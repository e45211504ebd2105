package dev.conch.engine.triton;

import java.util.Locale;

/**
 * The inputs of the requests that open a subscription and speak to the engine about it, one row each. On the wire every tensor has a batch
 * dimension of 1 in front of the shape given here.
 */
enum CommandTensor {
    /** Opens a subscription, which the request id names, [1]. */
    SUBSCRIBE(Datatype.BOOL),
    /** How many steps may be sent before they are acknowledged, [1]. */
    WINDOW(Datatype.INT32),
    /** Which subscription the others are about, [1]. */
    SUBSCRIPTION(Datatype.BYTES),
    /** Generations to start, [n], each a {@link Submission}. */
    SUBMISSIONS(Datatype.BYTES),
    /** Ends generations, [1]. */
    STOP(Datatype.BOOL),
    /** Which ones, [n]. */
    HANDLES(Datatype.UINT64),
    /** The number of the last step that was read, [1]. */
    ACKNOWLEDGED(Datatype.INT64);

    private final Datatype datatype;

    CommandTensor(Datatype datatype) {
        this.datatype = datatype;
    }

    Datatype datatype() {
        return datatype;
    }

    String tensorName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
