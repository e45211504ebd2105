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
    /** Assertions that cannot be enforced are left out: the result is wider than the schema, never narrower. */
    RELAXED
}
