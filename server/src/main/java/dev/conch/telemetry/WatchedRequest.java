package dev.conch.telemetry;

import org.jspecify.annotations.Nullable;

/** Counts and times one request that was let in. On its event loop; counting tokens reads the clock once and allocates nothing. */
final class WatchedRequest implements RequestWatch {
    private final Telemetry.Facts facts;
    private final String model;
    private final ServedMeters meters;
    private final NanoClock clock;
    private final long arrived;

    private int promptTokens;
    private int cachedTokens;
    private int generatedTokens;
    private int firstTokens;
    private long firstAt;
    private long lastAt;
    private @Nullable String outcome;

    WatchedRequest(Telemetry.Facts facts, String model, ServedMeters meters, NanoClock clock, long arrived) {
        this.facts = facts;
        this.model = model;
        this.meters = meters;
        this.clock = clock;
        this.arrived = arrived;
    }

    @Override
    public void started(int promptTokens) {
        this.promptTokens = promptTokens;
        meters.prompt(promptTokens);
    }

    @Override
    public void cached(int tokens) {
        cachedTokens += tokens;
        meters.cached(tokens);
    }

    @Override
    public void tokens(int count) {
        if (count == 0) {
            return;
        }
        long now = clock.nanos();
        if (generatedTokens == 0) {
            first(count, now);
        } else if (facts.stream()) {
            meters.nextToken((now - lastAt) / count);
        }
        lastAt = now;
        generatedTokens += count;
        meters.generated(count);
    }

    private void first(int count, long now) {
        firstAt = now;
        firstTokens = count;
        if (facts.stream()) {
            meters.firstToken(now - arrived);
        }
    }

    @Override
    public void ended(String outcome) {
        if (this.outcome != null) {
            return;
        }
        this.outcome = outcome;
        meters.ended(outcome, clock.nanos() - arrived, facts.stream());
        if (promptTokens > 0) {
            meters.usage(promptTokens, generatedTokens);
        }
        int later = generatedTokens - firstTokens;
        if (facts.stream() && later > 0 && outcome.equals(Exchange.COMPLETE)) {
            meters.perOutputToken((lastAt - firstAt) / later);
        }
    }

    /** How it ended; null before that. */
    @Nullable String outcome() {
        return outcome;
    }

    Telemetry.Facts facts() {
        return facts;
    }

    String model() {
        return model;
    }

    int promptTokens() {
        return promptTokens;
    }

    int cachedTokens() {
        return cachedTokens;
    }

    int generatedTokens() {
        return generatedTokens;
    }

    /** Nanoseconds from the arrival to the first token of a streamed answer; negative: there was none. */
    long timeToFirstToken() {
        return facts.stream() && generatedTokens > 0 ? firstAt - arrived : -1;
    }
}
