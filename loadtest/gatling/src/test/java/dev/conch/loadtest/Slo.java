package dev.conch.loadtest;

import java.time.Duration;

/**
 * What users are promised. Immutable.
 *
 * @param ttft time to first token; 99 of 100 requests have to keep it
 * @param itl inter-token latency; 99 of 100 gaps between tokens have to keep it, and the mean of a request for that to count as good
 * @param goodput the share of all requests that keep both, 0 to 1; failed ones keep nothing
 */
record Slo(Duration ttft, Duration itl, double goodput) {
    boolean keeps(Answer answer) {
        return answer.complete() && answer.ttftNanos() <= ttft.toNanos() && answer.meanGapNanos() <= itl.toNanos();
    }
}
