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
        Subscription found = subscriptions.apply(attempt);
        subscription = found;
        handle = found.add(this, attempt.request().topLogprobs());
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
            delivery.fail(TritonErrors.ofBrokenContract(brokenContract));
        } catch (RuntimeException broken) {
            failBroken(broken);
        }
    }

    /** The engine has not taken the request. */
    void refused(String text) {
        if (!isOver()) {
            delivery.takeError(text);
        }
    }

    /** The subscription is gone. */
    void lost(Status status) {
        delivery.lost(status);
    }

    /** The listener has failed, or this side has. The other generations of the subscription go on whatever comes of this one. */
    private void failBroken(RuntimeException broken) {
        GenerationException error = TritonErrors.ofListener(broken);
        try {
            delivery.fail(error);
        } catch (RuntimeException again) {
            LOG.error("{} cannot be told that it failed", attempt.request().id(), again);
        }
    }

    @Override
    public void cancel() {
        delivery.cancel();
    }

    @Override
    public void abandon() {
        if (subscription != null) {
            subscription.remove(handle, submitted);
        }
    }

    @Override
    public void ended(SilenceTimer silence) {
        silence.stop();
        if (subscription != null) {
            subscription.remove(handle, false);
        }
    }
}
