package dev.conch.engine.triton;

import dev.conch.sim.subscription.SubscriptionCounts;
import java.util.function.Predicate;

/** An engine whose requests go by subscriptions, and what the simulated Triton says of these. */
abstract class SubscribedEngineTest extends SimulatedEngineTest {

    SubscribedEngineTest() {
        super(SubscriptionSettings.DEFAULT);
    }

    final SubscriptionCounts await(String wish, Predicate<SubscriptionCounts> wished) throws Exception {
        return triton.subscriptions().await(wish, wished, PATIENCE);
    }

    final SubscriptionCounts subscriptionCounts() {
        return triton.subscriptions().counts();
    }
}
