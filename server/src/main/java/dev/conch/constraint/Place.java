package dev.conch.constraint;

import org.jspecify.annotations.Nullable;

/**
 * Where in a request something stands, such as {@code response_format.json_schema.schema.properties.a}. Made at each step and spelt out for
 * errors alone. What the client named is shown up to a length.
 */
record Place(@Nullable Place outer, String step) {
    private static final int MAX_NAME_CHARS = 40;
    private static final int MAX_INNER_CHARS = 100;

    static Place of(String param) {
        return new Place(null, param);
    }

    Place member(String name) {
        return new Place(this, "." + shown(name));
    }

    Place element(int index) {
        return new Place(this, "[" + index + "]");
    }

    /** The path, whose inner part is cut where it becomes too long to read. */
    String path() {
        StringBuilder inner = new StringBuilder();
        Place place = this;
        while (place.outer != null) {
            inner.insert(0, place.step);
            place = place.outer;
        }
        String path = inner.length() <= MAX_INNER_CHARS ? inner.toString() : inner.substring(0, MAX_INNER_CHARS) + "…";
        return place.step + path;
    }

    /** A client's words as far as an error repeats them. */
    static String shown(String words) {
        return words.length() <= MAX_NAME_CHARS ? words : words.substring(0, MAX_NAME_CHARS) + "…";
    }
}
