package dev.conch.sim.engine;

import dev.conch.sim.engine.Ledger.Outcome;
import dev.conch.sim.script.EngineVariant;
import dev.conch.sim.script.Fault;
import dev.conch.sim.script.FinalForm;
import dev.conch.sim.script.Reply;
import dev.conch.sim.tensor.ResponseEncoder;
import io.grpc.Status;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * One accepted request on its way through its reply. {@link #cancel} and {@link #breakOff} may be called from any thread; all else
 * belongs to the engine's thread, which alone sends responses.
 */
public final class Generation {
    private final GenerationInputs inputs;
    private final EngineVariant variant;
    private final Continuation continuation;
    private final int tokensPerResponse;
    private final SideTensors sideTensors;
    private final ResponseEncoder encoder;
    private final ResponseSink sink;
    private final Ledger ledger;
    private final Runnable onEnd;

    private Fault fault;
    private Duration stall = Duration.ZERO;
    private int sent;
    private boolean first = true;
    private volatile State state = State.NEW;

    private enum State {
        NEW,
        LIVE,
        OVER
    }

    Generation(
            GenerationInputs inputs,
            EngineVariant variant,
            Continuation continuation,
            Reply reply,
            ResponseEncoder encoder,
            ResponseSink sink,
            Ledger ledger,
            Consumer<Generation> onEnd) {
        this.inputs = inputs;
        this.variant = variant;
        this.continuation = continuation;
        this.tokensPerResponse = reply.tokensPerResponse();
        this.fault = reply.fault();
        this.sideTensors =
                new SideTensors(inputs.request(), variant, inputs.prompt().size());
        this.encoder = encoder;
        this.sink = sink;
        this.ledger = ledger;
        this.onEnd = () -> onEnd.accept(this);
    }

    String id() {
        return inputs.request().id();
    }

    int promptTokens() {
        return inputs.prompt().size();
    }

    /** How long a stalled generation pauses. */
    Duration stall() {
        return stall;
    }

    boolean isOver() {
        return state == State.OVER;
    }

    /** The client has gone. Nothing more is sent. */
    public void cancel() {
        end(Outcome.CANCELLED);
    }

    /** The call has broken down, by another request's fault. Nothing more is sent. */
    public void breakOff() {
        end(Outcome.FAILED);
    }

    /** Counts the request as live; false if its client has already gone. */
    synchronized boolean begin() {
        if (state == State.OVER) {
            return false;
        }
        state = State.LIVE;
        ledger.accepted();
        return true;
    }

    /** The client has sent {@code stop}: the final response comes now, and without tokens. */
    void stop() {
        if (!isOver()) {
            sendLast(sent, EndReason.CANCELLED);
            end(Outcome.CANCELLED);
        }
    }

    /** Ends with an error of the engine. */
    void fail(String text) {
        if (!isOver()) {
            sink.send(encoder.engineError(text));
            end(Outcome.FAILED);
        }
    }

    /** Sends the next response, or lets the fault strike that is due. */
    Progress advance() {
        if (isOver()) {
            return Progress.NONE;
        }
        return sent == fault.afterTokens() ? strike() : proceed();
    }

    private Progress strike() {
        switch (fault) {
            case Fault.EngineError error -> fail(error.text());
            case Fault.CallStatus broken -> breakCall(broken.status());
            case Fault.Cut _ -> breakCall(Status.OK);
            case Fault.Hang _ -> {}
            case Fault.Stall pause -> {
                fault = Fault.none();
                stall = pause.duration();
                return Progress.STALLED;
            }
            case Fault.Corrupt corrupt -> {
                fault = Fault.none();
                encoder.corrupt(corrupt.corruption());
                return proceed();
            }
            case Fault.Refusal _ -> throw new IllegalStateException("refused requests are never generated");
            case Fault.None _ -> throw new IllegalStateException("nothing cannot strike");
        }
        return Progress.NONE;
    }

    private void breakCall(Status status) {
        end(Outcome.FAILED);
        sink.close(status);
    }

    private Progress proceed() {
        int to = Math.min(sent + Math.min(tokensPerResponse, continuation.length() - sent), nextStop());
        if (isEnd(to)) {
            sendLast(to, continuation.reason());
            end(Outcome.COMPLETED);
            return Progress.NONE;
        }
        if (inputs.streaming()) {
            int[] ids = continuation.slice(sent, to);
            sink.send(encoder.tokens(ids, false, sideTensors.of(first, ids.length)));
            first = false;
        }
        sent = to;
        return Progress.MORE;
    }

    /** A fault between two tokens also ends a response between them. */
    private int nextStop() {
        return fault.afterTokens() > sent ? fault.afterTokens() : Integer.MAX_VALUE;
    }

    private boolean isEnd(int to) {
        if (to < continuation.length() || to == fault.afterTokens()) {
            return false;
        }
        boolean unnoticedYet = continuation.endsWithEos() && variant.finalForm() != FinalForm.WITH_LAST_TOKEN;
        return sent == to || !unnoticedYet;
    }

    private void sendLast(int to, EndReason reason) {
        int[] ids = inputs.streaming() ? continuation.slice(sent, to) : wholeAnswer(to);
        boolean separate = variant.finalForm() == FinalForm.SEPARATE;
        sink.send(encoder.tokens(ids, !separate, sideTensors.ofLast(first, ids.length, reason)));
        if (separate && inputs.request().wantsEmptyFinalResponse()) {
            sink.send(encoder.finalFlag());
        }
    }

    private int[] wholeAnswer(int to) {
        int[] answer = continuation.slice(0, to);
        if (GenerationInputs.flag(inputs.request(), "exclude_input_in_output")) {
            return answer;
        }
        IntStream prompt = inputs.prompt().stream().mapToInt(Integer::intValue);
        return IntStream.concat(prompt, IntStream.of(answer)).toArray();
    }

    private void end(Outcome outcome) {
        synchronized (this) {
            if (state == State.OVER) {
                return;
            }
            if (state == State.NEW) {
                ledger.accepted();
            }
            state = State.OVER;
            ledger.ended(outcome);
        }
        sink.ended(this);
        onEnd.run();
    }
}
