package dev.conch.loadtest;

import dev.conch.loadtest.Answer.Outcome;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * All answers of a run in figures; percentiles are exact (nearest rank). Immutable.
 *
 * @param seconds in which they arrived; goodput is per second of these
 * @param servedSeconds from the first arrival to the last end, and no fewer than those; throughput is per second of these
 */
record Summary(LoadSettings settings, List<Answer> answers, double seconds, double servedSeconds) {
    private static final int[] PERCENTILES = {50, 90, 95, 99};

    Summary {
        answers = List.copyOf(answers);
        servedSeconds = Math.max(seconds, servedSeconds);
    }

    /** Of answers none of which came behind the time of the arrivals. */
    Summary(LoadSettings settings, List<Answer> answers, double seconds) {
        this(settings, answers, seconds, seconds);
    }

    /** The value that so many of a hundred do not exceed; 0 of nothing. */
    static long percentile(long[] sorted, int percent) {
        int rank = Math.ceilDiv(sorted.length * percent, 100);
        return sorted.length == 0 ? 0 : sorted[Math.max(0, rank - 1)];
    }

    long ttftNanos(int percent) {
        return percentile(ttfts(), percent);
    }

    long itlNanos(int percent) {
        return percentile(gaps(), percent);
    }

    int complete() {
        return (int) answers.stream().filter(Answer::complete).count();
    }

    long outputTokens() {
        return answers.stream().mapToLong(Answer::outputTokens).sum();
    }

    /** How many of all requests kept the SLO, 0 to 1. */
    double goodShare() {
        return answers.isEmpty() ? 0 : (double) good() / answers.size();
    }

    private long good() {
        return answers.stream().filter(settings.slo()::keeps).count();
    }

    private long[] ttfts() {
        return sorted(answers.stream().filter(Answer::complete).mapToLong(Answer::ttftNanos));
    }

    private long[] gaps() {
        return sorted(
                answers.stream().filter(Answer::complete).flatMapToLong(answer -> Arrays.stream(answer.gapNanos())));
    }

    private long[] means() {
        return sorted(answers.stream()
                .filter(answer -> answer.complete() && answer.outputTokens() > 1)
                .mapToLong(Answer::meanGapNanos));
    }

    private static long[] sorted(LongStream values) {
        return values.sorted().toArray();
    }

    /** The answers to those that arrived in one level. */
    Summary level(int level) {
        return new Summary(
                settings,
                answers.stream().filter(answer -> answer.level() == level).toList(),
                settings.duration().toSeconds());
    }

    String text() {
        StringBuilder text = new StringBuilder();
        line(text, "profile", "%s against %s, model %s", settings.profile(), settings.url(), settings.model());
        line(text, "requests", "%d sent, %d complete", answers.size(), complete());
        outcomes().forEach((outcome, count) -> line(text, "  " + outcome.words(), "%d", count));
        line(text, "prompt tokens", "%d, of which cached %d", sum(Answer::promptTokens), sum(Answer::cachedTokens));
        line(text, "output tokens", "%d in %d events", outputTokens(), events());
        percentiles(text, "TTFT ms", ttfts());
        percentiles(text, "ITL ms, each gap", gaps());
        percentiles(text, "ITL ms, mean of a request", means());
        line(
                text,
                "throughput",
                "%.1f tokens/s, %.2f requests/s in %.1f s",
                outputTokens() / servedSeconds,
                complete() / servedSeconds,
                servedSeconds);
        line(
                text,
                "goodput",
                "%.2f requests/s, %.1f %% of all requests (TTFT <= %d ms, mean ITL <= %d ms)",
                good() / seconds,
                100 * goodShare(),
                settings.slo().ttft().toMillis(),
                settings.slo().itl().toMillis());
        if (settings.levels() > 1) {
            levels(text);
        }
        return text.toString();
    }

    private int sum(ToIntFunction<Answer> figure) {
        return answers.stream().mapToInt(figure).sum();
    }

    private long events() {
        return answers.stream()
                .mapToLong(answer -> answer.gapNanos().length + (answer.ttftNanos() > 0 ? 1 : 0))
                .sum();
    }

    private Map<Outcome, Integer> outcomes() {
        Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
        answers.stream()
                .filter(answer -> !answer.complete())
                .forEach(answer -> counts.merge(answer.outcome(), 1, Integer::sum));
        return counts;
    }

    private void levels(StringBuilder text) {
        text.append("  arrivals/s   complete  goodput/s    good %   tokens/s  TTFT p50     p99   ITL p99\n");
        for (int i = 0; i < settings.levels(); i++) {
            Summary level = level(i);
            text.append(String.format(
                    Locale.ROOT,
                    "  %10.2f %10d %10.2f %9.1f %10.1f %9.1f %7.1f %9.1f%n",
                    settings.rate(i),
                    level.complete(),
                    level.good() / level.seconds,
                    100 * level.goodShare(),
                    level.outputTokens() / level.seconds,
                    level.ttftNanos(50) / 1e6,
                    level.ttftNanos(99) / 1e6,
                    level.itlNanos(99) / 1e6));
        }
        line(text, "saturation", "%s", saturation());
    }

    /** The last level before the first one that does not keep the SLO. */
    private String saturation() {
        int held = (int) IntStream.range(0, settings.levels())
                .takeWhile(i -> level(i).goodShare() >= settings.slo().goodput())
                .count();
        if (held == 0) {
            return String.format(Locale.ROOT, "the SLO is not even kept at %.2f arrivals/s", settings.rate(0));
        }
        if (held == settings.levels()) {
            return String.format(Locale.ROOT, "not reached at %.2f arrivals/s", settings.rate());
        }
        return String.format(
                Locale.ROOT,
                "the SLO is kept up to %.2f arrivals/s, not at %.2f",
                settings.rate(held - 1),
                settings.rate(held));
    }

    private static void percentiles(StringBuilder text, String name, long[] sorted) {
        StringBuilder values = new StringBuilder();
        for (int percent : PERCENTILES) {
            values.append(String.format(Locale.ROOT, "p%d %.1f  ", percent, percentile(sorted, percent) / 1e6));
        }
        line(text, name, "%smax %.1f", values, percentile(sorted, 100) / 1e6);
    }

    @SuppressWarnings("AnnotateFormatMethod") // its annotation is not among the dependencies
    private static void line(StringBuilder text, String name, String format, Object... values) {
        text.append(String.format(Locale.ROOT, "%-28s", name + ":"))
                .append(String.format(Locale.ROOT, format, values))
                .append('\n');
    }
}
