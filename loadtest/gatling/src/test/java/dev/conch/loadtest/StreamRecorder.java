package dev.conch.loadtest;

import dev.conch.loadtest.Answer.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Listens to one stream and writes down when its events came. Each event counts by itself, however many of them came in one read; the role,
 * the finish reason and the usage are not tokens. Used by one thread at a time.
 */
final class StreamRecorder {
    private static final Pattern TEXT =
            Pattern.compile("\"(?:content|reasoning_content|reasoning|text|arguments)\":\\s*\"[^\"]");
    private static final Pattern PROMPT_TOKENS = Pattern.compile("\"prompt_tokens\":\\s*(\\d+)");
    private static final Pattern OUTPUT_TOKENS = Pattern.compile("\"completion_tokens\":\\s*(\\d+)");
    private static final Pattern CACHED_TOKENS = Pattern.compile("\"cached_tokens\":\\s*(\\d+)");
    private static final Pattern ERROR = Pattern.compile("^\\{[^{]*\\{\\s*\"error\":|\"event\":\\s*\"error\"");

    private final long arrivedNanos;
    private final int level;
    private final List<Long> gaps = new ArrayList<>();
    private long firstNanos;
    private long latestNanos;
    private boolean begun;
    private boolean done;
    private boolean failed;
    private int promptTokens = -1;
    private int outputTokens = -1;
    private int cachedTokens;

    StreamRecorder(long arrivedNanos, int level) {
        this.arrivedNanos = arrivedNanos;
        this.level = level;
    }

    /** Takes an event, as Gatling hands it over; true if it is the last one. */
    boolean accept(String event, long nanos) {
        if (event.contains("[DONE]") && !TEXT.matcher(event).find()) {
            done = true;
        } else if (ERROR.matcher(event).find()) {
            failed = true;
        } else if (TEXT.matcher(event).find()) {
            token(nanos);
        }
        begun = true;
        if (event.contains("\"completion_tokens\"")) {
            promptTokens = number(PROMPT_TOKENS, event, -1);
            outputTokens = number(OUTPUT_TOKENS, event, -1);
            cachedTokens = number(CACHED_TOKENS, event, 0);
        }
        return done || failed;
    }

    private void token(long nanos) {
        if (firstNanos == 0) {
            firstNanos = nanos;
        } else {
            gaps.add(nanos - latestNanos);
        }
        latestNanos = nanos;
    }

    private static int number(Pattern pattern, String event, int otherwise) {
        Matcher matcher = pattern.matcher(event);
        return matcher.find() ? Integer.parseInt(Objects.requireNonNull(matcher.group(1))) : otherwise;
    }

    /** True if the server has not ended the stream. */
    boolean isOpen() {
        return begun && !done;
    }

    /** Whether that much time has gone by since the request arrived. */
    boolean isOver(long nanos, Duration time) {
        return nanos - arrivedNanos >= time.toNanos();
    }

    /** What has become of the request; nothing is heard after this. */
    Answer answer(boolean timedOut) {
        return new Answer(
                level,
                outcome(timedOut),
                firstNanos == 0 ? 0 : firstNanos - arrivedNanos,
                gaps.stream().mapToLong(Long::longValue).toArray(),
                Math.max(0, promptTokens),
                Math.max(0, outputTokens),
                cachedTokens);
    }

    private Outcome outcome(boolean timedOut) {
        if (failed) {
            return Outcome.ERROR_EVENT;
        }
        if (done) {
            return outputTokens < 0 ? Outcome.NO_USAGE : Outcome.COMPLETE;
        }
        if (timedOut) {
            return Outcome.TIMED_OUT;
        }
        return begun ? Outcome.CUT : Outcome.NOT_BEGUN;
    }
}
