package dev.conch.sim.engine;

import dev.conch.sim.script.EngineVariant;
import dev.conch.sim.script.Fault;
import dev.conch.sim.script.Pace;
import dev.conch.sim.script.Reply;
import dev.conch.sim.tensor.ReceivedRequest;
import dev.conch.sim.tensor.RequestCheck;
import dev.conch.sim.tensor.ResponseEncoder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Answers requests as a script says. Thread-safe: everything happens on one thread of its own, in the order in which it was
 * asked for, so that a test that has seen a request counted can rely on it.
 */
public final class Engine implements AutoCloseable {
    private final EngineVariant variant;
    private final EngineLimits limits;
    private final Ledger ledger;
    private final Scheduler scheduler;
    private final Pacer pacer;
    private final KvCache cache;
    private final Slots slots;
    private final Map<String, Generation> byId = new ConcurrentHashMap<>();

    public Engine(EngineVariant variant, EngineLimits limits, Pace pace, Ledger ledger) {
        this(variant, limits, pace, ledger, new ThreadScheduler());
    }

    Engine(EngineVariant variant, EngineLimits limits, Pace pace, Ledger ledger, Scheduler scheduler) {
        this.variant = variant;
        this.limits = limits;
        this.ledger = ledger;
        this.scheduler = scheduler;
        this.pacer = Pacer.of(pace, scheduler);
        this.cache = new KvCache(limits.kvCache());
        this.slots = new Slots(limits, cache, pacer::start);
    }

    /** Runs a task on the engine's thread, after what was asked for before. */
    public void execute(Runnable task) {
        scheduler.execute(task);
    }

    /** One step of all running requests; with a pace by hand only. */
    public void step() {
        scheduler.execute(pacer::step);
    }

    /** Takes a request that the core has let through. What becomes of it, the sink gets to know. */
    public void submit(ReceivedRequest request, Reply reply, ResponseSink sink) {
        ResponseEncoder encoder = new ResponseEncoder(request.message().getModelName(), request.id());
        if (reply.fault() instanceof Fault.Refusal refusal) {
            refuse(sink, encoder.refusal(RequestCheck.requestId(request.message()) + refusal.text()));
            return;
        }
        try {
            if (GenerationInputs.isStop(request)) {
                stop(request.id(), sink, encoder);
            } else {
                start(generation(request, reply, encoder, sink), sink);
            }
        } catch (EngineException e) {
            refuse(sink, encoder.engineError(e.text()));
        }
    }

    /** The engine as it is now, once what was asked for before is done. */
    public CompletableFuture<EngineStatistics> statistics() {
        CompletableFuture<EngineStatistics> answer = new CompletableFuture<>();
        scheduler.execute(() -> answer.complete(EngineStatistics.of(limits, slots, cache, pacer.latest())));
        return answer;
    }

    @Override
    public void close() {
        scheduler.close();
    }

    private Generation generation(ReceivedRequest request, Reply reply, ResponseEncoder encoder, ResponseSink sink)
            throws EngineException {
        GenerationInputs inputs = GenerationInputs.of(request, variant, limits);
        KvLease lease = new KvLease(inputs, limits.kvCache(), reply.cachedTokens());
        List<Sequence> sequences = IntStream.range(0, inputs.sequences())
                .mapToObj(i -> new Sequence(
                        Continuation.of(inputs, i, reply.tokens(), limits.vocabularySize()),
                        new SideTensors(inputs, variant, i, lease, limits.vocabularySize())))
                .toList();
        Runnable promptRead = () -> cache.promptRead(lease);
        return new Generation(inputs, variant, sequences, lease, promptRead, reply, encoder, sink, ledger, this::ended);
    }

    private void start(Generation generation, ResponseSink sink) {
        sink.started(generation);
        scheduler.execute(() -> {
            if (generation.begin()) {
                byId.put(generation.id(), generation);
                slots.enter(generation);
            }
        });
    }

    private void stop(String id, ResponseSink sink, ResponseEncoder encoder) throws EngineException {
        if (id.isEmpty()) {
            throw new EngineException("Trying to stop a request but request ID is not provided");
        }
        scheduler.execute(() -> {
            sink.send(encoder.finalFlag());
            Generation target = byId.get(id);
            if (target != null) {
                target.stop();
            }
        });
    }

    private void refuse(ResponseSink sink, byte[] response) {
        scheduler.execute(() -> {
            ledger.refused();
            sink.send(response);
        });
    }

    private void ended(Generation generation) {
        scheduler.execute(() -> {
            byId.remove(generation.id(), generation);
            slots.leave(generation);
        });
    }
}
