package dev.conch.sim.subscription;

import dev.conch.sim.engine.Engine;
import dev.conch.sim.engine.Ledger;
import dev.conch.sim.engine.ResponseSink;
import dev.conch.sim.script.Reply;
import dev.conch.sim.tensor.ReceivedRequest;
import dev.conch.sim.tensor.ResponseEncoder;
import dev.conch.sim.tensor.Tensor;
import dev.conch.sim.tensor.TensorContract;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** All subscriptions of a simulated server, by name. Thread-safe: everything happens on the engine's thread. */
public final class Subscriptions {
    private final TensorContract contract;
    private final Engine engine;
    private final Ledger generations;
    private final Function<ReceivedRequest, Reply> replies;
    private final int maxBacklogTokens;
    private final SubscriptionLedger ledger = new SubscriptionLedger();
    private final Map<String, Subscription> byName = new HashMap<>();
    private final Set<Subscription> live = new LinkedHashSet<>();
    private boolean unloading;

    /**
     * @param contract the tensors of the model, with which those of a submission are compared
     * @param generations counts each submission as a request
     * @param maxBacklogTokens of one sequence, that may wait for a client
     */
    public Subscriptions(
            TensorContract contract,
            Engine engine,
            Ledger generations,
            Function<ReceivedRequest, Reply> replies,
            int maxBacklogTokens) {
        this.contract = contract.ofRequests();
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
            if (unloading) {
                String model = request.message().getModelName();
                call.send(new ResponseEncoder(model, request.id())
                        .refusal("Request for unknown model: '" + model + "' has no available versions"));
            } else if (request.find("subscribe").isPresent()) {
                open(request, call);
            } else {
                command(request, call);
            }
        });
    }

    /** All that live on this call are lost with it: cancelled if the client has gone, else broken off. */
    public void callEnded(ResponseSink call, boolean byClient) {
        engine.execute(() -> List.copyOf(live).stream()
                .filter(subscription -> subscription.call() == call)
                .forEach(byClient ? Subscription::cancel : Subscription::breakOff));
    }

    /** Whether a call still carries one; on the engine's thread. */
    public boolean liveOn(ResponseSink call) {
        return live.stream().anyMatch(subscription -> subscription.call() == call);
    }

    /** The engine ends all subscriptions. */
    public void failAll(String text) {
        engine.execute(() -> List.copyOf(live).forEach(subscription -> subscription.fail(text)));
    }

    /**
     * The model is loaded anew: another instance answers, which knows none of them. This one sees that, and each of its subscriptions ends as
     * when the model is unloaded.
     */
    public void reload() {
        engine.execute(() -> {
            byName.clear();
            endWhenDone();
        });
    }

    /** Likewise, but this instance does not see it: it goes on with what it has taken, as far as the windows go. */
    public void reloadUnseen() {
        engine.execute(byName::clear);
    }

    /** An instance that has a successor breaks down: it ends all of its subscriptions, and those of the successor go on. */
    public void failReplaced(String text) {
        engine.execute(() -> List.copyOf(live).stream()
                .filter(subscription -> byName.get(subscription.name()) != subscription)
                .forEach(subscription -> subscription.fail(text)));
    }

    /**
     * The model is unloaded: Triton refuses whatever else is said, and each subscription ends with an error when it has told all that it has
     * taken, for which it waits for no window.
     */
    public void unload() {
        engine.execute(() -> {
            unloading = true;
            endWhenDone();
        });
    }

    private void endWhenDone() {
        List.copyOf(live).forEach(subscription -> subscription.endWhenDone("The model is being unloaded"));
    }

    /** The model is there again. */
    public void load() {
        engine.execute(() -> unloading = false);
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
        Optional<String> refusal = refusal(request);
        if (refusal.isPresent()) {
            call.send(answer(request).engineError(refusal.get()));
            return;
        }
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
        live.add(subscription);
        ledger.opened();
        subscription.open();
    }

    /** Why nothing is opened. */
    private static Optional<String> refusal(ReceivedRequest request) {
        if (request.id().isEmpty()) {
            return Optional.of("subscribe: without a request id (expected: its name)");
        }
        if (!request.tensor("subscribe").asBoolean()) {
            return Optional.of("subscribe: False (expected: true or absent)");
        }
        int window = request.find("window").map(Tensor::asInt).orElse(0);
        return window < 0 ? Optional.of("window: " + window + " (expected: 0 or more)") : Optional.empty();
    }

    private static ResponseEncoder answer(ReceivedRequest request) {
        return new ResponseEncoder(request.message().getModelName(), request.id());
    }

    private void command(ReceivedRequest request, ResponseSink call) {
        ResponseEncoder answer = answer(request);
        String name = request.tensor("subscription").strings().getFirst();
        Subscription subscription = byName.get(name);
        if (subscription == null) {
            call.send(answer.engineError("unknown subscription: " + name));
            return;
        }
        Optional<String> refusal = request.find("acknowledged").flatMap(step -> subscription.refusal(step.longs()[0]));
        if (refusal.isPresent()) {
            call.send(answer.engineError(refusal.get()));
            return;
        }
        try {
            List<Submission> submissions =
                    request.find("submissions").isPresent() ? Submission.of(request, contract) : List.of();
            call.send(answer.finalFlag());
            obey(request, submissions, subscription);
        } catch (BrokenSubmissionException e) {
            call.send(answer.engineError(e.text()));
        }
    }

    private void obey(ReceivedRequest request, List<Submission> submissions, Subscription subscription) {
        if (request.find("submissions").isPresent()) {
            submit(submissions, subscription);
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
            if (submission.refusal().isPresent()) {
                generations.refused();
                generation.fail(News.REFUSED, submission.refusal().get());
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
        byName.remove(subscription.name(), subscription);
        live.remove(subscription);
        ledger.closed();
    }
}
