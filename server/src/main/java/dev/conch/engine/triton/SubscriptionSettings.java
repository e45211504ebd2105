package dev.conch.engine.triton;

import java.time.Duration;

/**
 * Whether and how news of many generations travel together, with models that can do so. See docs/adr/0008-step-batched-streaming.md.
 *
 * @param enabled false: each generation has a stream of its own
 * @param idle after which a subscription without generations is closed; positive
 */
public record SubscriptionSettings(boolean enabled, Duration idle) {

    public static final SubscriptionSettings DEFAULT = new SubscriptionSettings(true, Duration.ofSeconds(5));
    public static final SubscriptionSettings OFF = new SubscriptionSettings(false, DEFAULT.idle());

    public SubscriptionSettings {
        if (!idle.isPositive()) {
            throw new IllegalArgumentException("idle: " + idle + " (expected: more than 0)");
        }
    }
}
