package dev.conch.http;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.util.List;
import java.util.regex.Pattern;

/** Tells clients which fields of their request nobody defined, so that a slip of the pen is seen although it did no harm. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class IgnoredParametersFilter {
    static final String HEADER = "x-conch-ignored-parameters";

    private static final String ATTRIBUTE = "conch.ignored-parameters";
    /** Names are the client's, and a header is no place for all that JSON can spell. */
    private static final Pattern NOT_PLAIN = Pattern.compile("[^A-Za-z0-9._\\[\\]-]");

    private static final int MAX_NAME_CHARS = 64;
    private static final int MAX_NAMES = 32;
    private static final String MORE = ", ...";

    static void remember(HttpRequest<?> request, List<String> names) {
        request.setAttribute(ATTRIBUTE, value(names));
    }

    @ResponseFilter
    void tell(HttpRequest<?> request, MutableHttpResponse<?> response) {
        request.getAttribute(ATTRIBUTE, String.class).ifPresent(value -> response.header(HEADER, value));
    }

    static String value(List<String> names) {
        List<String> shown = names.stream()
                .limit(MAX_NAMES)
                .map(IgnoredParametersFilter::plain)
                .toList();
        return String.join(", ", shown) + (names.size() > MAX_NAMES ? MORE : "");
    }

    private static String plain(String name) {
        String shortened = name.length() <= MAX_NAME_CHARS ? name : name.substring(0, MAX_NAME_CHARS);
        return NOT_PLAIN.matcher(shortened).replaceAll("?");
    }
}
