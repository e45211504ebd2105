package dev.conch.http.request;

import tools.jackson.core.TokenStreamContext;

/** Where a parser is in a request, as errors name it: {@code messages[2].content[0].text}. */
final class JsonPath {
    private static final int MAX_CHARS = 100;

    private JsonPath() {}

    /** The path of the value or key at hand, cut if it is long; half a character, which a client sent or the cut left, becomes U+FFFD. */
    static String of(TokenStreamContext place) {
        var path = new StringBuilder();
        for (TokenStreamContext at = place; at != null && !at.inRoot(); at = at.getParent()) {
            path.insert(0, step(at));
        }
        String whole = path.substring(path.indexOf(".") == 0 ? 1 : 0);
        String shown = whole.length() <= MAX_CHARS ? whole : whole.substring(0, MAX_CHARS) + "…";
        return shown.replaceAll("\\p{Cs}", "�");
    }

    private static String step(TokenStreamContext at) {
        return at.inArray() ? "[" + at.getCurrentIndex() + "]" : "." + at.currentName();
    }
}
