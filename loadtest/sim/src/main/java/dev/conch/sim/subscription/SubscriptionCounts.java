package dev.conch.sim.subscription;

/**
 * What has happened to subscriptions so far, at one instant. Immutable.
 *
 * @param opened ever
 * @param open now
 * @param submits requests that brought submissions
 * @param submissions in all of them
 * @param stopped handles that clients no longer wanted
 * @param steps responses with news
 * @param acknowledgements requests that acknowledged steps
 * @param renewals requests by which a subscription went on
 */
public record SubscriptionCounts(
        long opened,
        long open,
        long submits,
        long submissions,
        long stopped,
        long steps,
        long acknowledgements,
        long renewals) {}
