package dev.conch.http.openapi;

import dev.conch.http.request.RequestLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The OpenAPI document of this server, from {@code openapi.yaml}, with the limits of its configuration. */
public final class ApiDocument {
    private static final String RESOURCE = "/openapi.yaml";
    /** Parts that others refer to; no part of the document. */
    private static final String SHARED = "x-shared";

    /** The file is ours; the library is wary of files that are not. */
    private static final int MAX_ALIASES = 1000;

    private static final List<String> REQUESTS_WITH_N =
            List.of("CreateChatCompletionRequest", "RenderChatCompletionRequest", "CreateCompletionRequest");

    private final Map<String, @Nullable Object> root;

    private ApiDocument(Map<String, @Nullable Object> root) {
        this.root = root;
    }

    /** Puts the document together. */
    public static ApiDocument of(RequestLimits limits) {
        Map<String, @Nullable Object> root = copy(read());
        root.remove(SHARED);
        var document = new ApiDocument(root);
        REQUESTS_WITH_N.forEach(name ->
                document.at("components", "schemas", name, "properties", "n").put("maximum", limits.maxChoices()));
        Map<String, @Nullable Object> stop = document.at("components", "schemas", "Stop");
        for (Object form : (List<?>) Objects.requireNonNull(stop.get("oneOf"))) {
            Map<String, @Nullable Object> alternative = map(form);
            alternative.computeIfPresent("maxItems", (_, _) -> limits.maxStopSequences());
        }
        return document;
    }

    /** The document as plain values: Map, List, String, Number, Boolean, null. */
    public Map<String, @Nullable Object> root() {
        return root;
    }

    /** The document as it is served. */
    public String yaml() {
        var options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(140);
        return new Yaml(options).dump(root);
    }

    private Map<String, @Nullable Object> at(String... path) {
        Map<String, @Nullable Object> place = root;
        for (String name : path) {
            place = map(place.get(name));
        }
        return place;
    }

    @SuppressWarnings("unchecked") // the copy has no other keys
    private static Map<String, @Nullable Object> map(@Nullable Object value) {
        return (Map<String, @Nullable Object>) Objects.requireNonNull(value);
    }

    /** Without what the file shares between several places: a reader of the result need not know YAML's anchors. */
    private static Map<String, @Nullable Object> copy(Map<?, ?> shared) {
        var copy = new LinkedHashMap<String, @Nullable Object>();
        shared.forEach((key, value) -> copy.put(String.valueOf(key), copyOf(value)));
        return copy;
    }

    private static @Nullable Object copyOf(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Map<?, ?> map -> copy(map);
            case List<?> list -> copy(list);
            default -> value;
        };
    }

    private static List<@Nullable Object> copy(List<?> shared) {
        var copy = new ArrayList<@Nullable Object>();
        shared.forEach(element -> copy.add(copyOf(element)));
        return copy;
    }

    private static Map<?, ?> read() {
        try (InputStream in = Objects.requireNonNull(ApiDocument.class.getResourceAsStream(RESOURCE))) {
            var options = new LoaderOptions();
            options.setMaxAliasesForCollections(MAX_ALIASES);
            return new Yaml(new SafeConstructor(options)).load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
