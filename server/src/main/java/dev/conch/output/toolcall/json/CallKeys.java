package dev.conch.output.toolcall.json;

import java.util.Set;

/** What models call the parts of a call. All dialects take all of them: a model that was tuned on two families mixes their words. */
final class CallKeys {
    private static final Set<String> NAME = Set.of("name", "function", "tool_name", "function_name");
    private static final Set<String> ARGUMENTS = Set.of("arguments", "parameters", "args", "tool_parameters");
    private static final Set<String> ID = Set.of("id", "tool_call_id", "call_id");
    private static final String TYPE = "type";

    private CallKeys() {}

    static boolean isName(String key) {
        return NAME.contains(key);
    }

    static boolean isArguments(String key) {
        return ARGUMENTS.contains(key);
    }

    static boolean isId(String key) {
        return ID.contains(key);
    }

    static boolean isKnown(String key) {
        return isName(key) || isArguments(key) || isId(key) || key.equals(TYPE);
    }
}
