package dev.conch.sim;

import dev.conch.sim.script.Reply;
import dev.conch.sim.tensor.ReceivedRequest;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/** Which request gets which reply: those that were enqueued first, then whatever the rule says. Thread-safe. */
final class Script implements Function<ReceivedRequest, Reply> {
    private final Queue<Reply> next = new ConcurrentLinkedQueue<>();
    private volatile Function<ReceivedRequest, Reply> rule;

    Script(Function<ReceivedRequest, Reply> rule) {
        this.rule = rule;
    }

    void enqueue(List<Reply> replies) {
        next.addAll(replies);
    }

    void replaceRule(Function<ReceivedRequest, Reply> newRule) {
        rule = newRule;
    }

    @Override
    public Reply apply(ReceivedRequest request) {
        Reply enqueued = next.poll();
        return enqueued == null ? rule.apply(request) : enqueued;
    }
}
