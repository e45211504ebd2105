package dev.conch.http.request;

import dev.conch.generation.GenerationException;
import dev.conch.http.request.JsonFields.Element;
import io.micronaut.json.tree.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one request, read with the types and ranges that the table has for them. Whatever is wrong is told with the path of the
 * field. A JSON null counts as absent.
 */
public final class RequestParameters {
    private static final ParameterTable TABLE = ParameterTable.builtIn();

    private final JsonFields fields;
    private final Endpoint endpoint;
    private final RequestLimits limits;
    private final UnknownFields unknown;

    private RequestParameters(JsonFields fields, Endpoint endpoint, RequestLimits limits, UnknownFields unknown) {
        this.fields = fields;
        this.endpoint = endpoint;
        this.limits = limits;
        this.unknown = unknown;
    }

    /**
     * Opens a body, and refuses what this server does not honour.
     *
     * @throws GenerationException a USER error
     */
    public static RequestParameters of(byte[] body, Endpoint endpoint, RequestLimits limits) {
        var fields = new JsonFields(StrictJson.object(body), "");
        var unknown = new UnknownFields(endpoint, limits.strict());
        UnsupportedParameters.refuse(fields, endpoint, "");
        unknown.collect(fields);
        unknown.collectInside(fields);
        return new RequestParameters(fields, endpoint, limits, unknown);
    }

    /** Paths of the fields that were ignored because nobody defined them; complete once the request was read. */
    public List<String> ignored() {
        return List.copyOf(unknown.names());
    }

    /** The parameters inside of one that is there, which are in the table too. */
    RequestParameters inside(String name) {
        var inner = JsonFields.of(fields.requiredNode(name), fields.path(name));
        unknown.collect(inner);
        return new RequestParameters(inner, endpoint, limits, unknown);
    }

    JsonFields fields() {
        return fields;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    RequestLimits limits() {
        return limits;
    }

    boolean has(String name) {
        return fields.node(name) != null;
    }

    @Nullable JsonNode node(String name) {
        return fields.node(name);
    }

    ValueSchema schema(String name) {
        String path = fields.path(name);
        return Objects.requireNonNull(TABLE.find(endpoint, path), path).schema();
    }

    @Nullable Double number(String name) {
        return fields.number(name, schema(name));
    }

    @Nullable Integer integer(String name) {
        return fields.integer(name, schema(name));
    }

    int integerOrDefault(String name) {
        Integer value = integer(name);
        return value == null ? Objects.requireNonNull(schema(name).integerDefault(), name) : value;
    }

    @Nullable Long int64(String name) {
        return fields.int64(name);
    }

    /** What is absent is as the table says. */
    boolean flag(String name) {
        return flag(name, schema(name).flagDefault());
    }

    boolean flag(String name, boolean absent) {
        return fields.bool(name, absent);
    }

    String requiredText(String name) {
        return fields.requiredString(name, schema(name).maxLength());
    }

    @Nullable String text(String name) {
        ValueSchema schema = schema(name);
        String text = fields.string(name, schema.maxLength());
        if (text != null) {
            check(name, text, schema);
        }
        return text;
    }

    private void check(String name, String text, ValueSchema schema) {
        if (text.length() < schema.minLength()) {
            throw invalid(name, "expected a text that is not empty");
        }
        if (!schema.choices().isEmpty() && !schema.choices().contains(text)) {
            throw invalid(name, "expected one of " + schema.choices());
        }
        Pattern pattern = schema.pattern();
        if (pattern != null && !pattern.matcher(text).matches()) {
            throw invalid(name, "expected a text of the form " + pattern);
        }
    }

    /** The elements of a list, each a text; none if it is absent. */
    List<String> texts(String name) {
        ValueSchema each = schema(name).elements();
        return elements(name).stream().map(element -> text(element, each)).toList();
    }

    static String text(Element element, ValueSchema schema) {
        String text = JsonFields.string(element.node(), element.path(), schema.maxLength());
        if (text.length() < schema.minLength()) {
            throw JsonFields.invalid(element.path(), "expected a text that is not empty");
        }
        return text;
    }

    /** The elements of a list, each a whole number; none if it is absent. */
    List<Integer> integers(String name) {
        ValueSchema each = schema(name).elements();
        return elements(name).stream()
                .map(element -> JsonFields.integer(element.node(), element.path(), each))
                .toList();
    }

    private List<Element> elements(String name) {
        JsonNode node = node(name);
        return node == null ? List.of() : fields.array(name, node, schema(name).maxItems());
    }

    /** The members of an object whose keys are the client's; none if it is absent. */
    List<Map.Entry<String, JsonNode>> members(String name) {
        JsonNode node = node(name);
        if (node == null) {
            return List.of();
        }
        JsonFields.of(node, fields.path(name));
        int most = schema(name).maxProperties();
        if (node.size() > most) {
            throw invalid(name, "expected at most %d entries, but got %d".formatted(most, node.size()));
        }
        var members = new ArrayList<Map.Entry<String, JsonNode>>();
        node.entries().forEach(members::add);
        return members;
    }

    GenerationException invalid(String name, String expectation) {
        return fields.invalidValue(name, expectation);
    }
}
