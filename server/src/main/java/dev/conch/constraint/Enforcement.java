package dev.conch.constraint;

/** What becomes of the parts of a schema that engines cannot enforce. */
enum Enforcement {
    /** All that is not enforced is refused by name, even what means nothing, so that no typing error goes unheard. */
    STRICT,
    /** Assertions are enforced or refused; what JSON Schema calls an annotation (unknown keywords and formats too) is left out. */
    FULL,
    /** Assertions that cannot be enforced are left out: the result is wider than the schema, never narrower. */
    RELAXED
}
