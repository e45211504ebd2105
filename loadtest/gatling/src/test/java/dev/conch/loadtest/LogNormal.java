package dev.conch.loadtest;

import java.util.random.RandomGenerator;

/**
 * Lengths as people's requests have them: most are short, some are many times as long. Immutable.
 *
 * @param median half of all lengths are below it
 * @param sigma the standard deviation of the logarithm: at 0 all are equal, at 1 one of six is longer than e times the median
 * @param least shorter ones count as this
 * @param most longer ones count as this
 */
record LogNormal(double median, double sigma, int least, int most) {
    LogNormal {
        if (!(median > 0) || !(sigma >= 0) || least < 1 || most < least) {
            throw new IllegalArgumentException("lengths: median " + median + ", sigma " + sigma + ", " + least + " to "
                    + most + " (expected: a positive median, no negative sigma, at least 1)");
        }
    }

    int sample(RandomGenerator random) {
        double length = median * Math.exp(sigma * random.nextGaussian());
        return (int) Math.clamp(Math.round(length), (long) least, most);
    }
}
