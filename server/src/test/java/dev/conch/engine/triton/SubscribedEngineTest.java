package dev.conch.engine.triton;

import static dev.conch.engine.ActingListener.before;
import static dev.conch.engine.EngineRequests.request;

import dev.conch.engine.Pause;
import dev.conch.engine.RecordingListener;
import dev.conch.sim.SimulatedTriton;
import dev.conch.sim.script.Reply;
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

    /** A listener that read nothing until more tokens waited for it than Triton keeps. */
    final RecordingListener readTooLate() throws Exception {
        use(SimulatedTriton.builder().maxBacklogTokens(100));
        triton.reply(Reply.generated(1_000));
        var slow = new RecordingListener();
        var pause = new Pause();
        start(request(1_000), before(slow, pause::hold));
        pause.awaitBegin();
        triton.awaitLive(0, PATIENCE);
        pause.end();
        return slow;
    }
}
