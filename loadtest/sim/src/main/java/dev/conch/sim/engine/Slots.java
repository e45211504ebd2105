package dev.conch.sim.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** So many generations run, so many wait, one more is turned away. Lives on the engine's thread. */
final class Slots {
    private final int slots;
    private final int queue;
    private final Consumer<Generation> start;
    private final Set<Generation> running = new HashSet<>();
    private final Deque<Generation> waiting = new ArrayDeque<>();

    Slots(EngineLimits limits, Consumer<Generation> start) {
        this.slots = limits.slots();
        this.queue = limits.queue();
        this.start = start;
    }

    void enter(Generation generation) {
        if (running.size() < slots) {
            run(generation);
        } else if (waiting.size() < queue) {
            waiting.add(generation);
        } else {
            generation.fail("Maximum queue size of " + queue + " has been reached, please try again later");
        }
    }

    void leave(Generation generation) {
        if (!running.remove(generation)) {
            waiting.remove(generation);
            return;
        }
        Generation next = waiting.poll();
        if (next != null) {
            run(next);
        }
    }

    private void run(Generation generation) {
        running.add(generation);
        start.accept(generation);
    }
}
