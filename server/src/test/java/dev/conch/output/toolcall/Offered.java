package dev.conch.output.toolcall;

import java.util.List;
import java.util.Map;

/** The functions that the client offers in every scenario. */
public final class Offered {
    public static final List<FunctionSignature> FUNCTIONS = List.of(
            function("get_weather", object(Map.of("city", type("string"), "days", type("integer")), "city")),
            function("now", Map.of()),
            function("write_file", object(Map.of("path", type("string"), "content", type("string")), "path")),
            function(
                    "transfer",
                    object(
                            Map.of("account", type("integer"), "amount", type("number"), "memo", type("string")),
                            "account")),
            function(
                    "plan_trip",
                    object(
                            Map.of(
                                    "route",
                                    Map.of("type", "array", "items", object(Map.of("city", type("string")), "city")),
                                    "options",
                                    Map.of("type", "object"),
                                    "budget",
                                    type("number"),
                                    "pets",
                                    type("boolean"),
                                    "note",
                                    Map.of("type", List.of("string", "null"))),
                            "route")),
            function("weather.get-now_v2", object(Map.of("city", type("string")), "city")));

    private Offered() {}

    private static FunctionSignature function(String name, Map<String, Object> parameters) {
        return new FunctionSignature(name, parameters, false);
    }

    private static Map<String, Object> object(Map<String, Object> properties, String required) {
        return Map.of("type", "object", "properties", properties, "required", List.of(required));
    }

    private static Map<String, Object> type(String type) {
        return Map.of("type", type);
    }
}
