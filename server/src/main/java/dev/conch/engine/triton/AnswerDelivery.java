package dev.conch.engine.triton;

import dev.conch.engine.EngineListener;
import dev.conch.engine.EngineOutput;
import dev.conch.generation.GenerationException;
import dev.conch.generation.GenerationRequest;
import io.grpc.Status;
import java.util.function.Consumer;

/**
 * One answer on its way to its listener, whichever way it comes from the engine: checks it, watches for silence, tells each thing once and
 * nothing behind the last word. Everything happens on the request's event loop, so nothing here is locked.
 */
final class AnswerDelivery {
    private final GenerationRequest request;
    private final GenerationProgress progress;
    private final EngineListener listener;
    private final TritonTimeouts timeouts;
    private final SilenceTimer silence;
    private final Source source;
    /** Made once: it is handed on with every message. */
    private final Consumer<EngineOutput> deliver = this::deliver;

    /** Something was told of the generation: from here on a failure loses what cannot be had again. */
    private boolean answered;

    /** The listener has heard its last word. */
    private boolean ended;

    /** Whatever still comes is of no interest: the generation was cancelled, or has failed. */
    private boolean deaf;

    /** Where the answer comes from. */
    interface Source {

        /** Nobody wants the rest: has the engine stop its work. */
        void abandon();

        /**
         * The engine has said all that there is to say, or has failed.
         *
         * @param silence the answer's own timer, for what may still have to be watched
         */
        void ended(SilenceTimer silence);
    }

    AnswerDelivery(EngineRoute.Attempt attempt, TritonTimeouts timeouts, Source source) {
        this.request = attempt.request();
        this.progress = attempt.progress();
        this.listener = attempt.listener();
        this.timeouts = timeouts;
        this.silence = new SilenceTimer(attempt.loop(), this::onSilence);
        this.source = source;
    }

    /** The request is on its way. */
    void begin() {
        silence.start(request.streaming() ? timeouts.firstToken() : timeouts.singleAnswer());
    }

    /** Whether whatever still comes is of no interest. */
    boolean isDeaf() {
        return deaf;
    }

    /** Whether the listener has heard its last word, or wants none. */
    boolean isOver() {
        return ended || deaf;
    }

    /** Takes the next message of a stream of the request's own. */
    void receive(StreamResponse response) throws BrokenContractException {
        if (!response.error().isEmpty()) {
            takeError(response.error());
        } else if (StepEnd.CANCELLED.isReason(response.finishReason()) && !response.foreign()) {
            takeCancel(response.last());
        } else {
            promptRead(response.cachedTokens());
            progress.accept(response, deliver);
        }
    }

    /** Takes what a step has brought to one of the request's sequences. */
    void receive(StepNews news) throws BrokenContractException {
        StepEnd end = news.end();
        if (end.hasText()) {
            takeError(news.error());
        } else if (end == StepEnd.CANCELLED) {
            takeCancel(false);
        } else {
            promptRead(news.cachedTokens());
            progress.accept(news.sequence(), news.tokenIds(), news.logprobs(), end.finishReason(), deliver);
        }
    }

    private void promptRead(int cachedTokens) throws BrokenContractException {
        progress.requireOfPrompt(cachedTokens);
        if (cachedTokens != StreamResponse.UNTOLD && !answered) {
            listener.onPromptRead(cachedTokens);
        }
    }

    private void deliver(EngineOutput output) {
        if (deaf) {
            return;
        }
        if (!answered) {
            answered = true;
            // The choices of a single answer come one by one, each when it is whole: no silence between them is too
            // long.
            if (request.streaming()) {
                silence.start(timeouts.streamIdle());
            }
        } else if (request.streaming()) {
            silence.heard();
        }
        ended = progress.ended();
        if (ended) {
            source.ended(silence);
        }
        listener.onOutput(output);
    }

    /**
     * Takes an error with which the engine has ended the request itself. It is not cancelled as well: Triton never lets go of a request
     * whose cancellation crosses its end (seen on 2.51), and then cannot unload the model.
     */
    void takeError(String text) {
        takeEnd(failure(text));
    }

    /** What the request itself is the reason of is told as such. */
    private GenerationException failure(String text) {
        GenerationException banned = Bans.refusal(text, request);
        GenerationException refused = banned == null ? GuideRefusal.of(text, request) : banned;
        return refused == null ? TritonErrors.ofText(text, answered) : refused;
    }

    /**
     * Takes an end that an engine gives a sequence when it is told to, and this side has not told it.
     *
     * @param last whether it has ended the request with it
     */
    private void takeCancel(boolean last) {
        GenerationException error = TritonErrors.ofUnaskedCancel(answered);
        if (last) {
            takeEnd(error);
        } else {
            fail(error);
        }
    }

    private void takeEnd(GenerationException error) {
        source.ended(silence);
        tell(error);
    }

    /** There is nothing left that the answer could come from. */
    void lost(Status status) {
        silence.stop();
        if (!isOver()) {
            fail(TritonErrors.ofClose(status, answered));
        }
    }

    private void onSilence() {
        fail(TritonErrors.ofSilence(answered));
    }

    /** Has the engine stop its work; nothing more is told. Without effect on an answer that has ended. */
    void cancel() {
        if (!isOver()) {
            stop();
        }
    }

    private void stop() {
        deaf = true;
        silence.stop();
        source.abandon();
    }

    /** Has the engine stop its work, and tells why. */
    void fail(GenerationException error) {
        stop();
        tell(error);
    }

    private void tell(GenerationException error) {
        deaf = true;
        if (!ended) {
            ended = true;
            listener.onError(error);
        }
    }
}
