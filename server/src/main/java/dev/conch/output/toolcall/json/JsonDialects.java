package dev.conch.output.toolcall.json;

import dev.conch.output.toolcall.ToolFormat;
import java.util.List;

/** The dialects that write a call as a JSON object, in the spacing of the families' chat templates. */
public final class JsonDialects {
    private static final String CALL = "{\"name\": \"$name\", \"arguments\": $arguments}";
    private static final String CALL_WITH_PARAMETERS = "{\"name\": \"$name\", \"parameters\": $arguments}";

    private static final JsonLayout TOOL_CALL = JsonLayout.each("<tool_call>\n", CALL, "\n</tool_call>", "\n");
    private static final JsonLayout LLAMA = JsonLayout.each("", CALL_WITH_PARAMETERS, "", "; ");
    private static final CallHeader MISTRAL_HEADER = new CallHeader(false, "[CALL_ID]", "", "[ARGS]");

    public static final List<ToolFormat> ALL = List.of(
            dialect(
                    "apertus",
                    list("<|tools_prefix|>[", "{\"$name\": $arguments}", ", ", "]<|tools_suffix|>")
                            .named(CallNaming.AS_KEY)),
            dialect(
                    "command_r",
                    list(
                                    "Action: ```json\n[\n    ",
                                    "{\n        \"tool_name\": \"$name\",\n        \"parameters\": $arguments\n    }",
                                    ",\n    ",
                                    "\n]```")
                            .orBegin("Action:```json")),
            dialect(
                    "command_r7b",
                    list(
                                    "<|START_ACTION|>[\n    ",
                                    "{\"tool_call_id\": \"$id\", \"tool_name\": \"$name\", \"parameters\": $arguments}",
                                    ",\n    ",
                                    "\n]<|END_ACTION|>")
                            .framedBy("<|START_RESPONSE|>", "<|END_RESPONSE|>")),
            dialect("ernie45", TOOL_CALL.framedBy("<response>\n", "\n</response>")),
            dialect("gigachat3", each("<|function_call|>", CALL, "", "").orBegin("function call<|role_sep|>\n")),
            dialect("granite", list("<|tool_call|>[", CALL, ", ", "]").orBegin("<tool_call>")),
            dialect("granite_20b_fc", each("<function_call> ", CALL, "", "\n")),
            dialect("granite4", TOOL_CALL),
            dialect("hermes", TOOL_CALL),
            dialect("hunyuan_a13b", list("<tool_calls>[", CALL, ", ", "]</tool_calls>")),
            dialect("internlm2", each("<|action_start|><|plugin|>\n", CALL_WITH_PARAMETERS, "<|action_end|>", "")),
            dialect("jamba", list("<tool_calls>[\n    ", CALL, ",\n    ", "\n]</tool_calls>")),
            dialect("llama3_json", LLAMA.orBegin("<|python_tag|>")),
            dialect("llama4_json", LLAMA.orBegin("<|python_start|>").orEnd("<|python_end|>")),
            dialect("longcat", each("<longcat_tool_call>\n", CALL, "\n</longcat_tool_call>", "\n")),
            dialect("minimax_m1", list("<tool_calls>\n", CALL, "\n", "\n</tool_calls>")),
            mistral("mistral", list("[TOOL_CALLS][", CALL, ", ", "]")),
            mistral("mistral_v3", list("[TOOL_CALLS] [", CALL, ", ", "]")),
            mistral("mistral_v11", each("[TOOL_CALLS]", "$name[ARGS]$arguments", "", "")),
            dialect("nemotron", list("<TOOLCALL>[", CALL, ", ", "]</TOOLCALL>")),
            dialect("pangu", list("[unused11][", CALL, ", ", "][unused12]")),
            dialect("phi4_mini_json", list("functools[", CALL, ", ", "]")),
            dialect("xlam", list("[", CALL, ", ", "]")));

    private JsonDialects() {}

    private static ToolFormat dialect(String name, JsonLayout layout) {
        return new JsonDialect(name, 0, layout);
    }

    private static JsonLayout each(String opening, String call, String closing, String separator) {
        return JsonLayout.each(opening, call, closing, separator);
    }

    private static JsonLayout list(String opening, String call, String separator, String closing) {
        return JsonLayout.list(opening, call, separator, closing);
    }

    /** All versions are read alike; they differ in what is written. Their templates refuse longer ids. */
    private static ToolFormat mistral(String name, JsonLayout layout) {
        return new JsonDialect(name, 9, layout.headed(MISTRAL_HEADER));
    }
}
