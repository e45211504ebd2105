package dev.conch.http.openapi;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.http.request.Decision;
import dev.conch.http.request.Endpoint;
import dev.conch.http.request.MarkedText;
import dev.conch.http.request.Parameter;
import dev.conch.http.request.ParameterTable;
import dev.conch.http.request.PlainJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The parameters in {@code openapi.yaml} against the table that the code uses. {@code make golden} writes them anew. */
class OpenApiGoldenTest {
    private static final Path FILE = Path.of("src/main/resources/openapi.yaml");
    private static final boolean WRITE = Boolean.getBoolean("conch.golden.write");
    private static final String STREAM_OPTIONS = "stream_options.";

    @Test
    void saysWhatTheTableSays() throws IOException {
        String renewed = Files.readString(FILE);
        for (Endpoint endpoint : Endpoint.values()) {
            renewed = between(renewed, endpoint.wireName(), properties(endpoint, ""));
        }
        renewed = between(renewed, "chat stream_options", properties(Endpoint.CHAT, STREAM_OPTIONS));
        if (WRITE) {
            Files.writeString(FILE, renewed);
        }
        assertThat(Files.readString(FILE)).isEqualTo(renewed);
    }

    private static String between(String file, String name, String text) {
        return MarkedText.replaced(file, "        # <!-- %s -->".formatted(name), "# <!-- end -->", text);
    }

    private static String properties(Endpoint endpoint, String prefix) {
        return ParameterTable.builtIn().of(endpoint).stream()
                .filter(parameter -> prefix.isEmpty()
                        ? parameter.topLevel()
                        : parameter.name().startsWith(prefix))
                .flatMap(parameter -> property(parameter, parameter.name().substring(prefix.length())))
                .collect(joining());
    }

    /** What is always refused is not offered. */
    private static Stream<String> property(Parameter parameter, String name) {
        Map<String, Object> schema = new LinkedHashMap<>(schema(parameter));
        if (schema.isEmpty()) {
            return Stream.empty();
        }
        if (!parameter.notes().isEmpty()) {
            schema.put("description", parameter.notes());
        }
        return Stream.of("        " + name + ": " + PlainJson.of(schema) + "\n");
    }

    private static Map<String, ?> schema(Parameter parameter) {
        boolean offered = parameter.decision().honoured() || parameter.decision() == Decision.ACCEPTED;
        List<?> neutral = parameter.neutral().values();
        if (offered || neutral.equals(List.of("*"))) {
            return parameter.required()
                    ? parameter.schema().keywords()
                    : orNull(parameter.schema().keywords());
        }
        return neutral.isEmpty() ? Map.of() : Map.of("enum", plus(neutral, null));
    }

    /** A JSON null counts as absent. */
    private static Map<String, ?> orNull(Map<String, ?> schema) {
        if (schema.containsKey("$ref")) {
            return Map.of("anyOf", List.of(Map.of("$ref", requireNonNull(schema.get("$ref"))), Map.of("type", "null")));
        }
        var orNull = new LinkedHashMap<String, Object>(schema);
        orNull.computeIfPresent("type", (_, type) -> List.of(type, "null"));
        orNull.computeIfPresent("enum", (_, choices) -> plus((List<?>) choices, null));
        return orNull;
    }

    private static List<@Nullable Object> plus(List<?> list, @Nullable Object last) {
        var longer = new ArrayList<@Nullable Object>(list);
        longer.add(last);
        return longer;
    }
}
