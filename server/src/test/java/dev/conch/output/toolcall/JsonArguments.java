package dev.conch.output.toolcall;

import java.util.Map;

/** Arguments in JSON, for dialects that pass them on as they are; those with the markers of a dialect are its own to write. */
public final class JsonArguments {
    public static final Map<Scenario, String> BY_SCENARIO = Map.of(
            Scenario.NESTED_ARGUMENTS,
            "{\"route\": [{\"city\": \"Zürich\"}], \"options\": {\"a\": [1]}, \"budget\": 12.5, \"pets\": true, \"note\": null}",
            Scenario.UNICODE_ARGUMENTS,
            "{\"content\": \"Grüße, 你好, שלום 👩‍🚀\"}",
            Scenario.ESCAPES_IN_ARGUMENTS,
            "{\"content\": \"\\\"a\\\" \\\\ b\\nc\\td \\u0041\"}",
            Scenario.BIG_NUMBERS,
            "{\"account\": 123456789012345678901234567890, \"amount\": 1.5e400}",
            Scenario.KEYS_OF_A_CALL_IN_ARGUMENTS,
            "{\"name\": \"now\", \"arguments\": {}}",
            Scenario.DUPLICATE_KEYS,
            "{\"city\": \"Paris\", \"city\": \"Rome\"}",
            Scenario.DEEP_ARGUMENTS,
            "{\"a\":".repeat(400) + "1" + "}".repeat(400),
            Scenario.LONG_ARGUMENTS,
            "{\"content\": \"" + "lorem ipsum ".repeat(1700) + "\"}");

    private JsonArguments() {}
}
