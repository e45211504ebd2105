package dev.conch.sim.subscription;

import dev.conch.sim.engine.Engine;
import dev.conch.sim.engine.Ledger;
import dev.conch.sim.engine.ResponseSink;
import dev.conch.sim.script.Reply;
import dev.conch.sim.tensor.ReceivedRequest;
import dev.conch.sim.tensor.RequestCheck;
import dev.conch.sim.tensor.ResponseEncoder;
import dev.conch.sim.tensor.Tensor;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** All subscriptions of a simulated server, by name. Thread-safe: everything happens on the engine's thread. */
public final class Subscriptions {
    private final RequestCheck check;
    private final Engine engine;
    private final Ledger generations;
    private final Function<ReceivedRequest, Reply> replies;
    private final int maxBacklogTokens;
    private final SubscriptionLedger ledger = new SubscriptionLedger();
    private final Map<String, Subscription> byName = new HashMap<>();

    /**
     * @param check what is said of a generation's tensors; nobody else looks at those of a submission
     * @param generations counts each submission as a request
     * @param maxBacklogTokens of one sequence, that may wait for a client
     */
    public Subscriptions(
            RequestCheck check,
            Engine engine,
            Ledger generations,
            Function<ReceivedRequest, Reply> replies,
            int maxBacklogTokens) {
        this.check = check;
        this.engine = engine;
        this.generations = generations;
        this.replies = replies;
        this.maxBacklogTokens = maxBacklogTokens;
    }

    /** Whether a request is about subscriptions, and not one for tokens on a stream of its own. */
    public static boolean concerns(ReceivedRequest request) {
        return request.find("subscribe").isPresent()
                || request.find("subscription").isPresent();
    }

    /** Takes a request that the core has let through. */
    public void accept(ReceivedRequest request, ResponseSink call) {
        engine.execute(() -> {
            if (request.find("subscribe").isPresent()) {
                open(request, call);
            } else {
                command(request, call);
            }
        });
    }

    /** All that live on this call are lost with it: cancelled if the client has gone, else broken off. */
    public void callEnded(ResponseSink call, boolean byClient) {
        engine.execute(() -> List.copyOf(byName.values()).stream()
                .filter(subscription -> subscription.call() == call)
                .forEach(byClient ? Subscription::cancel : Subscription::breakOff));
    }

    /** Whether a call still carries one; on the engine's thread. */
    public boolean liveOn(ResponseSink call) {
        return byName.values().stream().anyMatch(subscription -> subscription.call() == call);
    }

    /** The engine ends all subscriptions. */
    public void failAll(String text) {
        engine.execute(() -> List.copyOf(byName.values()).forEach(subscription -> subscription.fail(text)));
    }

    public SubscriptionCounts counts() {
        return ledger.counts();
    }

    /**
     * Waits until the counts are as wished.
     *
     * @throws AssertionError if they are not in time
     */
    public SubscriptionCounts await(String wish, Predicate<SubscriptionCounts> wished, Duration timeout)
            throws InterruptedException {
        return ledger.await(wish, wished, timeout);
    }

    private void open(ReceivedRequest request, ResponseSink call) {
        Subscription known = byName.get(request.id());
        if (known != null) {
            known.renew(call);
            return;
        }
        Subscription subscription = new Subscription(
                request.message().getModelName(),
                request.id(),
                request.find("window").map(Tensor::asInt).orElse(0),
                maxBacklogTokens,
                call,
                this);
        byName.put(request.id(), subscription);
        ledger.opened();
        subscription.open();
    }

    private void command(ReceivedRequest request, ResponseSink call) {
        ResponseEncoder answer = new ResponseEncoder(request.message().getModelName(), request.id());
        String name = request.tensor("subscription").strings().getFirst();
        Subscription subscription = byName.get(name);
        if (subscription == null) {
            call.send(answer.engineError("unknown subscription: " + name));
            return;
        }
        call.send(answer.finalFlag());
        obey(request, subscription);
    }

    private void obey(ReceivedRequest request, Subscription subscription) {
        if (request.find("submissions").isPresent()) {
            submit(Submission.of(request), subscription);
        } else if (request.find("handles").isPresent()) {
            long[] handles = request.tensor("handles").longs();
            ledger.stopped(handles.length);
            for (long handle : handles) {
                subscription.stop(handle);
            }
        } else {
            ledger.acknowledged();
            subscription.acknowledge(request.tensor("acknowledged").longs()[0]);
        }
    }

    private void submit(List<Submission> submissions, Subscription subscription) {
        ledger.submitted(submissions.size());
        for (Submission submission : submissions) {
            ReceivedRequest request = submission.request();
            generations.received(request);
            Reply reply = replies.apply(request);
            SubmittedGeneration generation = new SubmittedGeneration(submission, reply, subscription);
            subscription.take(generation);
            Optional<String> refusal = check.refusal(request.message());
            if (refusal.isPresent()) {
                generations.refused();
                generation.fail(News.REFUSED, refusal.get());
            } else {
                engine.submit(request, reply, generation);
            }
        }
    }

    SubscriptionLedger ledger() {
        return ledger;
    }

    void later(Runnable task) {
        engine.execute(task);
    }

    void closed(Subscription subscription) {
        byName.remove(subscription.name());
        ledger.closed();
    }
}
