package dev.conch.http.request;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Every parameter that is known, from {@code parameters.yaml}. Immutable, thread-safe. */
public final class ParameterTable {
    private static final String RESOURCE = "/parameters.yaml";
    private static final ParameterTable BUILT_IN = read();

    private final List<Parameter> all;
    private final Map<Endpoint, Map<String, Parameter>> byEndpoint = new EnumMap<>(Endpoint.class);
    private final Set<String> names;
    private final FieldTree inside;

    private ParameterTable(List<Parameter> all, FieldTree inside) {
        this.all = List.copyOf(all);
        this.inside = inside;
        names = all.stream().map(Parameter::name).collect(Collectors.toUnmodifiableSet());
        for (Endpoint endpoint : Endpoint.values()) {
            byEndpoint.put(endpoint, of(endpoint, all));
        }
        Map<String, Parameter> render = new LinkedHashMap<>(rows(Endpoint.CHAT));
        render.putAll(rows(Endpoint.RENDER));
        byEndpoint.put(Endpoint.RENDER, render);
    }

    /** The table of this build. */
    public static ParameterTable builtIn() {
        return BUILT_IN;
    }

    /** All rows in the order of the file. */
    public List<Parameter> all() {
        return all;
    }

    /** What an endpoint knows, in the order of the file. */
    public List<Parameter> of(Endpoint endpoint) {
        return List.copyOf(rows(endpoint).values());
    }

    @Nullable Parameter find(Endpoint endpoint, String name) {
        return rows(endpoint).get(name);
    }

    /** Whether any endpoint knows a parameter of this name. */
    boolean knows(String name) {
        return names.contains(name);
    }

    /** What objects inside of parameters may have, whatever the endpoint. */
    FieldTree inside() {
        return inside;
    }

    private Map<String, Parameter> rows(Endpoint endpoint) {
        return Objects.requireNonNull(byEndpoint.get(endpoint));
    }

    private static Map<String, Parameter> of(Endpoint endpoint, List<Parameter> all) {
        Map<String, Parameter> rows = new LinkedHashMap<>();
        for (Parameter parameter : all) {
            if (parameter.endpoints().contains(endpoint) && rows.put(parameter.name(), parameter) != null) {
                throw new IllegalStateException(parameter.name() + ": twice for " + endpoint);
            }
        }
        return rows;
    }

    private static ParameterTable read() {
        try (InputStream in = Objects.requireNonNull(ParameterTable.class.getResourceAsStream(RESOURCE))) {
            Map<String, Object> root = new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
            return new ParameterTable(
                    Objects.requireNonNull((List<?>) root.get("parameters")).stream()
                            .map(entry -> ParameterEntry.of(entry).parameter())
                            .toList(),
                    FieldTree.of(root.get("inside")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
