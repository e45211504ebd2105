package dev.conch.constraint;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What the constraint of one request may still cost; all of its schemas, patterns and grammars share it. For one thread. */
final class Budget {
    static final int MAX_DEPTH = 64;
    static final int MAX_NODES = 5_000;
    static final int MAX_ENUM_VALUES = 10_000;
    /** Of a number, where engines have to be told them one by one. */
    static final int MAX_MULTIPLES = 1_000;

    static final int MAX_CHARS = 262_144;
    /** The most that one thing may be counted, and that nested counts may multiply to. */
    static final int MAX_REPEAT = 1_000;

    static final int MAX_TEXT_LENGTH = 10_000;
    static final int MAX_REPEATS_TOGETHER = 50_000;

    private static final int SMALL_NODES = 500;
    private static final int SMALL_CHARS = 16_384;

    private static final Duration MAX_TIME = Duration.ofSeconds(1);

    private final LongSupplier nanos;
    private @Nullable Long start;
    private int nodes;
    private int enumValues;
    private long chars;
    private long repeats;

    /** @param nanos monotonic time in nanoseconds */
    Budget(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * Makes sure that there is time left for one more part. The time begins with the first, not with what is looked up and checked before, which
     * limits on size bound.
     */
    void time(Place place) {
        long now = nanos.getAsLong();
        if (start == null) {
            start = now;
        }
        if (now - start > MAX_TIME.toNanos()) {
            throw Refusal.tooComplex(place, "it takes too long to read (limit: %d ms)".formatted(MAX_TIME.toMillis()));
        }
    }

    /** Whether what was paid for so far is so little that it can be kept. */
    boolean isSmall() {
        return nodes <= SMALL_NODES && chars <= SMALL_CHARS && enumValues <= SMALL_NODES;
    }

    void depth(int depth, Place place) {
        if (depth > MAX_DEPTH) {
            throw Refusal.tooComplex(place, "nested too deeply (limit: %d levels)".formatted(MAX_DEPTH));
        }
    }

    /** Pays for an object or a list of a schema, an element of a grammar, a part of a structural tag. */
    void node(Place place) {
        if (++nodes > MAX_NODES) {
            throw Refusal.tooComplex(
                    place, "too many parts (limit: %d objects, lists and elements)".formatted(MAX_NODES));
        }
    }

    boolean hasRoomForEnumValues(int count) {
        return count <= MAX_ENUM_VALUES - enumValues;
    }

    void enumValues(int count, Place place) {
        if (!hasRoomForEnumValues(count)) {
            throw Refusal.tooComplex(
                    place, "too many values in enumerations (limit: %d in all)".formatted(MAX_ENUM_VALUES));
        }
        enumValues += count;
    }

    void text(String text, Place place) {
        chars += text.length();
        if (chars > MAX_CHARS) {
            throw Refusal.tooComplex(place, "too much text (limit: %d characters in all)".formatted(MAX_CHARS));
        }
    }

    boolean hasRoomForRepeats(long count) {
        return count <= MAX_REPEATS_TOGETHER - repeats;
    }

    /** Pays for a count such as that of {@code minItems} or <code>{3,7}</code>; for one that is refused, nothing. */
    void repeats(long count, Place place) {
        if (!hasRoomForRepeats(count)) {
            throw Refusal.tooComplex(place, "counts add up to too much (limit: %d)".formatted(MAX_REPEATS_TOGETHER));
        }
        repeats += count;
    }
}
