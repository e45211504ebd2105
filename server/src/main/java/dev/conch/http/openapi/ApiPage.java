package dev.conch.http.openapi;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The OpenAPI document as one page of HTML, without a script and with nothing to load. */
public final class ApiPage {
    private static final String STYLE = """
            body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
            h2{margin-top:2.5rem;border-top:1px solid #ccc;padding-top:1rem}
            table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.2rem .6rem .2rem 0;border-top:1px solid #eee}
            code{background:#f4f4f4}b{text-transform:uppercase}
            """;

    private static final List<String> RANGE_KEYWORDS = List.of(
            "const",
            "enum",
            "minimum",
            "exclusiveMinimum",
            "maximum",
            "minLength",
            "maxLength",
            "pattern",
            "minItems",
            "maxItems",
            "maxProperties",
            "default");

    private final StringBuilder out = new StringBuilder();

    /**
     * Makes the page.
     *
     * @param document the OpenAPI document as plain values
     */
    public ApiPage(Map<String, ? extends @Nullable Object> document) {
        Map<?, ?> info = map(document.get("info"));
        String title = text(info.get("title"));
        out.append(
                "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>%s</title><style>%s</style></head><body>"
                        .formatted(escaped(title), STYLE));
        out.append("<h1>%s</h1><p>%s</p>".formatted(escaped(title), escaped(text(info.get("description")))));
        map(document.get("paths"))
                .forEach((path, item) ->
                        map(item).forEach((method, operation) -> operation(text(method), text(path), map(operation))));
        out.append("<h2>Schemas</h2>");
        map(map(document.get("components")).get("schemas")).forEach((name, schema) -> schema(text(name), map(schema)));
        out.append("</body></html>\n");
    }

    /** The whole page. */
    public String html() {
        return out.toString();
    }

    /** Forbids everything but the style that stands in the page. */
    public String contentSecurityPolicy() {
        return "default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
                .formatted(Base64.getEncoder().encodeToString(sha256(STYLE)));
    }

    private void operation(String method, String path, Map<?, ?> operation) {
        out.append("<h2><b>%s</b> <code>%s</code></h2><p>%s</p>"
                .formatted(escaped(method), escaped(path), escaped(text(operation.get("summary")))));
        Map<?, ?> body = map(operation.get("requestBody"));
        if (!body.isEmpty()) {
            out.append("<p>Body: %s</p>".formatted(contents(body)));
        }
        out.append("<table>");
        map(operation.get("responses")).forEach((status, response) -> response(text(status), map(response)));
        out.append("</table>");
    }

    private void response(String status, Map<?, ?> response) {
        String said = response.containsKey("$ref")
                ? words(lastOf(text(response.get("$ref"))))
                : escaped(text(response.get("description"))) + " " + contents(response);
        out.append("<tr><td>%s</td><td>%s</td></tr>".formatted(escaped(status), said));
    }

    private static String contents(Map<?, ?> body) {
        return map(body.get("content")).values().stream()
                .map(content -> type(map(map(content).get("schema"))))
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private void schema(String name, Map<?, ?> schema) {
        out.append("<h3 id=\"%1$s\">%1$s</h3>".formatted(escaped(name)));
        out.append("<p>%s %s</p>".formatted(type(schema), escaped(text(schema.get("description")))));
        List<?> required = schema.get("required") instanceof List<?> names ? names : List.of();
        Map<?, ?> properties = map(schema.get("properties"));
        if (!properties.isEmpty()) {
            out.append("<table>");
            properties.forEach((property, value) -> property(text(property), map(value), required.contains(property)));
            out.append("</table>");
        }
    }

    private void property(String name, Map<?, ?> schema, boolean required) {
        out.append("<tr><td><code>%s</code>%s</td><td>%s</td><td>%s</td></tr>"
                .formatted(
                        escaped(name),
                        required ? " (required)" : "",
                        type(schema),
                        escaped(text(schema.get("description")))));
    }

    /** Type and range in a few words. */
    private static String type(Map<?, ?> schema) {
        if (schema.containsKey("$ref")) {
            String name = escaped(lastOf(text(schema.get("$ref"))));
            return "<a href=\"#%1$s\">%1$s</a>".formatted(name);
        }
        List<?> alternatives = alternatives(schema);
        if (!alternatives.isEmpty()) {
            return alternatives.stream()
                    .map(alternative -> type(map(alternative)))
                    .collect(Collectors.joining(" or "));
        }
        if (schema.get("items") instanceof Map<?, ?> items) {
            return "list of " + type(items);
        }
        return escaped(words(schema));
    }

    private static List<?> alternatives(Map<?, ?> schema) {
        if (schema.containsKey("properties")) {
            return List.of();
        }
        Object alternatives = schema.containsKey("oneOf") ? schema.get("oneOf") : schema.get("anyOf");
        return alternatives instanceof List<?> list ? list : List.of();
    }

    private static String words(Map<?, ?> schema) {
        String type = schema.get("type") instanceof List<?> types
                ? types.stream().map(String::valueOf).collect(Collectors.joining(" or "))
                : text(schema.get("type"));
        String range = schema.entrySet().stream()
                .filter(keyword -> RANGE_KEYWORDS.contains(text(keyword.getKey())))
                .map(keyword -> text(keyword.getKey()) + " " + text(keyword.getValue()))
                .collect(Collectors.joining(", "));
        return (type + " " + range).strip();
    }

    /** {@code BadRequest} as "Bad request". */
    private static String words(String name) {
        String spaced = name.replaceAll("(?<=[a-z])(?=[A-Z])", " ");
        return escaped(spaced.charAt(0) + spaced.substring(1).toLowerCase(Locale.ROOT));
    }

    private static String lastOf(String reference) {
        return reference.substring(reference.lastIndexOf('/') + 1);
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
