package dev.conch.sim.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * So many generations run, as far as the KV cache has room for them; so many wait, one more is turned away. Nobody overtakes one that
 * waits for room. Lives on the engine's thread.
 */
final class Slots {
    private final int slots;
    private final int queue;
    private final KvCache cache;
    private final Consumer<Generation> start;
    private final Set<Generation> running = new HashSet<>();
    private final Deque<Generation> waiting = new ArrayDeque<>();

    Slots(EngineLimits limits, KvCache cache, Consumer<Generation> start) {
        this.slots = limits.slots();
        this.queue = limits.queue();
        this.cache = cache;
        this.start = start;
    }

    int running() {
        return running.size();
    }

    int waiting() {
        return waiting.size();
    }

    void enter(Generation generation) {
        waiting.addLast(generation);
        admit();
        if (waiting.size() > queue) {
            waiting.removeLast();
            generation.fail("Maximum queue size of " + queue + " has been reached, please try again later");
        }
    }

    void leave(Generation generation) {
        if (running.remove(generation)) {
            cache.release(generation.lease(), generation.evaluated());
        } else {
            waiting.remove(generation);
        }
        admit();
    }

    private void admit() {
        while (!waiting.isEmpty()
                && running.size() < slots
                && cache.admit(waiting.element().lease())) {
            Generation next = waiting.remove();
            running.add(next);
            start.accept(next);
        }
    }
}
