package dev.conch.engine.triton;

import com.google.protobuf.ByteString;
import dev.conch.generation.GenerationException;
import io.grpc.Status;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request that goes out in a batch of submissions, and whose news come with the steps of a {@link Subscription}. */
final class SubscribedExchange implements EngineRoute.Exchange, AnswerDelivery.Source {
    private static final Logger LOG = LoggerFactory.getLogger(SubscribedExchange.class);

    private final EngineRoute.Attempt attempt;
    private final Function<EngineRoute.Attempt, Subscription> subscriptions;
    private final AnswerDelivery delivery;
    private @Nullable Subscription subscription;
    private long handle;
    private boolean submitted;
    private boolean moved;

    /** @param subscriptions finds the one by which the attempt goes */
    SubscribedExchange(
            EngineRoute.Attempt attempt,
            Function<EngineRoute.Attempt, Subscription> subscriptions,
            TritonTimeouts timeouts) {
        this.attempt = attempt;
        this.subscriptions = subscriptions;
        this.delivery = new AnswerDelivery(attempt, timeouts, this);
    }

    @Override
    public void begin() {
        delivery.begin();
        enter();
    }

    private void enter() {
        submitted = false;
        Subscription found = subscriptions.apply(attempt);
        handle = found.add(this, attempt.request().topLogprobs());
        subscription = found;
        found.openUnlessOpened();
    }

    /** The request as it goes out. */
    ByteString submission() {
        submitted = true;
        return Submission.of(handle, attempt.message());
    }

    long handle() {
        return handle;
    }

    boolean isOver() {
        return delivery.isOver();
    }

    /** Takes the news at which the cursor stands. */
    void receive(StepNews news) {
        try {
            delivery.receive(news);
        } catch (BrokenContractException brokenContract) {
            fail(TritonErrors.ofBrokenContract(brokenContract));
        } catch (RuntimeException broken) {
            fail(TritonErrors.ofListener(broken));
        }
    }

    private void fail(GenerationException error) {
        tell(() -> delivery.fail(error));
    }

    /**
     * The engine has not taken the request.
     *
     * @param unknown whether it knows nothing of the subscription, so that another may do
     */
    void refused(String text, boolean unknown) {
        if (unknown && !moved) {
            moveOn();
        } else if (!isOver()) {
            tell(() -> delivery.takeError(text));
        }
    }

    /** The subscription will not bring it to the engine: the one that takes its place has to. */
    void moveOn() {
        moved = true;
        if (!isOver()) {
            leave(false);
            subscription = null;
            enterOrFail();
        }
    }

    private void enterOrFail() {
        try {
            enter();
        } catch (RuntimeException broken) {
            fail(TritonErrors.ofListener(broken));
        }
    }

    /** The subscription is gone. */
    void lost(Status status) {
        tell(() -> delivery.lost(status));
    }

    /** Whatever a listener makes of its last word, the other generations of the subscription hear theirs. */
    private void tell(Runnable lastWord) {
        try {
            lastWord.run();
        } catch (RuntimeException broken) {
            LOG.error("{} cannot be told that it failed", attempt.request().id(), broken);
        }
    }

    @Override
    public void cancel() {
        delivery.cancel();
    }

    @Override
    public void abandon() {
        leave(submitted);
    }

    @Override
    public void ended(SilenceTimer silence) {
        silence.stop();
        leave(false);
    }

    private void leave(boolean stop) {
        if (subscription != null) {
            subscription.remove(handle, stop);
        }
    }
}
