package dev.conch.admission;

import java.time.Duration;

/**
 * How many may be inside, and how many may wait for it.
 *
 * @param maxConcurrentRequests places inside, at least 1
 * @param maxQueuedRequests places in the queue; 0: nobody waits
 * @param maxQueueWait longest stay in the queue
 */
public record AdmissionLimits(int maxConcurrentRequests, int maxQueuedRequests, Duration maxQueueWait) {}
