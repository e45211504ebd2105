package dev.conch.constraint;

/** What becomes of the parts of a schema that engines cannot enforce. */
enum Enforcement {
    /**
     * As {@link #FULL}, and keywords and formats that nobody knows are refused by name, so that no typing error goes unheard. What stands
     * beside a format or a pattern is left out here too ({@link TypedSchema}).
     */
    STRICT,
    /** Assertions are enforced or refused; what JSON Schema calls an annotation (unknown keywords and formats too) is left out. */
    FULL,
    /**
     * Assertions that cannot be enforced are left out, and so are counts and multiples for which there is no room: the result is wider than
     * the schema, but for one without a type, where keywords of one type mean that type as they do above.
     */
    LENIENT,
    /**
     * As {@link #LENIENT}, and so are large counts, of which the functions of one request may have many. Without a type, any is meant.
     */
    RELAXED;

    /** Larger ones are left out where that is allowed: with many of them a schema would be too complex. */
    private static final int RELAXED_COUNT = 200;

    /** Whether what cannot be enforced is refused. */
    boolean refuses() {
        return this == STRICT || this == FULL;
    }

    /** Whether a schema without a type is taken for one of the type that its keywords are of. */
    boolean infersTypes() {
        return this != RELAXED;
    }

    /** The largest count that is enforced of those that engines enforce up to a limit. */
    int largestCount(int limit) {
        return this == RELAXED ? Math.min(RELAXED_COUNT, limit) : limit;
    }
}
