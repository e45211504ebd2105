package dev.conch.sim.engine;

import dev.conch.sim.engine.Ledger.Outcome;
import dev.conch.sim.script.EngineVariant;
import dev.conch.sim.script.Fault;
import dev.conch.sim.script.FinalForm;
import dev.conch.sim.script.Reply;
import dev.conch.sim.tensor.ResponseEncoder;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * One accepted request on its way through its reply: its sequences take turns, one response each. {@link #cancel} and {@link #breakOff} may be called from any thread; all else
 * belongs to the engine's thread, which alone sends responses.
 */
public final class Generation {
    private final GenerationInputs inputs;
    private final EngineVariant variant;
    private final List<Sequence> sequences;
    private final KvLease lease;
    private final Runnable promptRead;
    private final int tokensPerResponse;
    private final ResponseEncoder encoder;
    private final ResponseSink sink;
    private final Ledger ledger;
    private final Runnable onEnd;

    private Fault fault;
    private Duration stall = Duration.ZERO;
    private boolean answered;

    private volatile State state = State.NEW;

    private enum State {
        NEW,
        LIVE,
        OVER
    }

    Generation(
            GenerationInputs inputs,
            EngineVariant variant,
            List<Sequence> sequences,
            KvLease lease,
            Runnable promptRead,
            Reply reply,
            ResponseEncoder encoder,
            ResponseSink sink,
            Ledger ledger,
            Consumer<Generation> onEnd) {
        this.inputs = inputs;
        this.variant = variant;
        this.sequences = sequences;
        this.lease = lease;
        this.promptRead = promptRead;
        this.tokensPerResponse = reply.tokensPerResponse();
        this.fault = reply.fault();
        this.encoder = encoder;
        this.sink = sink;
        this.ledger = ledger;
        this.onEnd = () -> onEnd.accept(this);
    }

    String id() {
        return inputs.request().id();
    }

    /** Tokens of the prompt that are not in the KV cache yet; known once it has a slot. */
    int promptTokensToRead() {
        return inputs.prompt().size() - lease.cachedTokens();
    }

    KvLease lease() {
        return lease;
    }

    /** What the engine has evaluated for each sequence, the prompt included. */
    List<List<Integer>> evaluated() {
        return sequences.stream()
                .map(sequence -> IntStream.concat(
                                inputs.prompt().stream().mapToInt(Integer::intValue),
                                IntStream.of(sequence.continuation().slice(0, sequence.evaluated())))
                        .boxed()
                        .toList())
                .toList();
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
            for (Sequence sequence : sequences) {
                if (!sequence.isOver()) {
                    sendLast(sequence, sequence.sent(), EndReason.CANCELLED);
                }
            }
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
        promptRead.run();
        return sent() == fault.afterTokens() ? strike() : proceed();
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
        for (Sequence sequence : sequences) {
            if (!sequence.isOver()) {
                proceed(sequence);
            }
        }
        if (running() == 0) {
            end(Outcome.COMPLETED);
            return Progress.NONE;
        }
        return Progress.MORE;
    }

    private void proceed(Sequence sequence) {
        int left = sequence.continuation().length() - sequence.sent();
        int to = Math.min(sequence.sent() + Math.min(tokensPerResponse, left), nextStop(sequence.sent()));
        if (isEnd(sequence, to)) {
            sendLast(sequence, to, sequence.continuation().reason());
        } else if (inputs.streaming()) {
            sink.send(sequence.next(encoder, to, !answered));
            answered = true;
        } else {
            sequence.skip(to);
        }
    }

    /** Tokens of the sequence that has come farthest: it is the one that a fault strikes. */
    private int sent() {
        int most = 0;
        for (Sequence sequence : sequences) {
            most = Math.max(most, sequence.sent());
        }
        return most;
    }

    private int running() {
        int running = 0;
        for (Sequence sequence : sequences) {
            running += sequence.isOver() ? 0 : 1;
        }
        return running;
    }

    /** A fault between two tokens also ends a response between them. */
    private int nextStop(int sent) {
        return fault.afterTokens() > sent ? fault.afterTokens() : Integer.MAX_VALUE;
    }

    private boolean isEnd(Sequence sequence, int to) {
        Continuation continuation = sequence.continuation();
        if (to < continuation.length() || to == fault.afterTokens()) {
            return false;
        }
        boolean unnoticedYet = continuation.endsWithEos() && variant.finalForm() != FinalForm.WITH_LAST_TOKEN;
        return sequence.sent() == to || !unnoticedYet;
    }

    private void sendLast(Sequence sequence, int to, EndReason reason) {
        boolean lastOfAll = running() == 1;
        boolean separate = variant.finalForm() == FinalForm.SEPARATE;
        int from = inputs.streaming() ? sequence.sent() : 0;
        sink.send(sequence.last(encoder, echoedPrompt(), from, to, !answered, lastOfAll && !separate, reason));
        answered = true;
        if (lastOfAll && separate && inputs.request().wantsEmptyFinalResponse()) {
            sink.send(encoder.finalFlag());
        }
    }

    /** What a single answer begins with. */
    private int[] echoedPrompt() {
        return inputs.echoesPrompt()
                ? inputs.prompt().stream().mapToInt(Integer::intValue).toArray()
                : new int[0];
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
