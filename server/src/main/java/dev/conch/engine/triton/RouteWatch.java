package dev.conch.engine.triton;

/**
 * Hears by which way requests go to Triton, and how subscriptions fare, on whichever event loop it happens. Must not block, and is told of
 * every step: it should cost next to nothing.
 */
public interface RouteWatch {

    /** Hears nothing. */
    RouteWatch NONE = new RouteWatch() {
        @Override
        public void onRequest(Way way) {}

        @Override
        public void onOpened() {}

        @Override
        public void onClosed(Reason reason) {}

        @Override
        public void onRenewed() {}

        @Override
        public void onStep() {}

        @Override
        public void onGenerations(int change) {}

        @Override
        public void onCut() {}
    };

    /** A request is about to be sent; one that is tried again is told of again. */
    void onRequest(Way way);

    /** The engine has confirmed a subscription. */
    void onOpened();

    /** A subscription that was confirmed is over. */
    void onClosed(Reason reason);

    /** A subscription goes on over another request. */
    void onRenewed();

    /** A step was read. */
    void onStep();

    /** So many more generations are on subscriptions now; fewer, if negative. */
    void onGenerations(int change);

    /** The engine has given up a generation whose news gathered while they could not be sent. */
    void onCut();

    /** How a request reaches Triton. */
    enum Way {
        SUBSCRIPTION,
        /** A stream of its own. */
        STREAM
    }

    /** Why a subscription ended. */
    enum Reason {
        /** It had no generations. */
        IDLE,
        /** The same, of an instance of the model that was unloaded or replaced. */
        REPLACED,
        /** Generations were lost with it. */
        LOST
    }
}
