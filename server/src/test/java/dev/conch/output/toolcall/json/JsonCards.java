package dev.conch.output.toolcall.json;

import static dev.conch.output.toolcall.Piece.call;
import static dev.conch.output.toolcall.Piece.callWithId;
import static dev.conch.output.toolcall.Piece.text;
import static dev.conch.output.toolcall.json.Writing.each;
import static dev.conch.output.toolcall.json.Writing.list;

import dev.conch.output.toolcall.DialectCard;
import dev.conch.output.toolcall.Piece;
import dev.conch.output.toolcall.Scenario;
import java.util.List;

/** How the dialects of JSON answer the scenarios. */
public final class JsonCards {
    private static final String PARIS = "{\"city\": \"Paris\"}";
    private static final Piece PARIS_CALL = call("get_weather", PARIS);

    private static final Writing TOOL_CALL =
            each("<tool_call>\n", "\n</tool_call>", "\n").marks("<tool_call>", "</tool_call>");

    public static final List<DialectCard> ALL = List.of(
            hermes("hermes"),
            hermes("granite4"),
            ernie(),
            JsonCard.of(
                    "longcat",
                    each("<longcat_tool_call>\n", "\n</longcat_tool_call>", "\n")
                            .marks("<longcat_tool_call>", "</longcat_tool_call>")),
            JsonCard.of(
                    "internlm2",
                    each("<|action_start|><|plugin|>\n", "<|action_end|>", "")
                            .keys("name", "parameters")
                            .marks("<|action_start|><|plugin|>", "<|action_end|>")),
            JsonCard.of("granite_20b_fc", each("<function_call> ", "", "\n").marks("<function_call>", "")),
            gigachat(),
            granite(),
            JsonCard.of(
                    "jamba",
                    list("<tool_calls>[\n    ", ",\n    ", "\n]</tool_calls>").marks("<tool_calls>", "</tool_calls>")),
            JsonCard.of(
                    "hunyuan_a13b",
                    list("<tool_calls>[", ", ", "]</tool_calls>").marks("<tool_calls>", "</tool_calls>")),
            JsonCard.of(
                    "minimax_m1",
                    list("<tool_calls>\n", "\n", "\n</tool_calls>").marks("<tool_calls>", "</tool_calls>")),
            JsonCard.of("nemotron", list("<TOOLCALL>[", ", ", "]</TOOLCALL>").marks("<TOOLCALL>", "</TOOLCALL>")),
            JsonCard.of("pangu", list("[unused11][", ", ", "][unused12]").marks("[unused11]", "[unused12]")),
            JsonCard.of("phi4_mini_json", list("functools[", ", ", "]").marks("functools", "")),
            commandR(),
            commandR7b(),
            llama3(),
            JsonCard.of("llama4_json", each("", "", "; ").keys("name", "parameters"))
                    .works(
                            Scenario.WHITESPACE_VARIANTS,
                            "<|python_start|>{\"name\": \"get_weather\", \"parameters\": " + PARIS + "}<|python_end|>",
                            PARIS_CALL),
            JsonCard.of("xlam", list("[", ", ", "]")),
            apertus(),
            JsonCard.of("mistral", list("[TOOL_CALLS][", ", ", "]").marks("[TOOL_CALLS]", "")),
            JsonCard.of("mistral_v3", list("[TOOL_CALLS] [", ", ", "]").marks("[TOOL_CALLS]", "")),
            mistral11());

    private JsonCards() {}

    private static DialectCard hermes(String name) {
        return JsonCard.of(name, TOOL_CALL)
                .works(
                        Scenario.MISSING_END_MARKER,
                        "<tool_call>\n{\"name\": \"get_weather\", \"arguments\": " + PARIS + "\n</tool_call>\n",
                        PARIS_CALL)
                .works(
                        Scenario.MALFORMED_ARGUMENTS,
                        "<tool_call>\n{\"name\": \"get_weather\", \"arguments\": " + PARIS + "}}\n</tool_call>\n",
                        PARIS_CALL)
                .works(
                        Scenario.PARALLEL_CALLS_WITHOUT_SEPARATOR,
                        "<tool_call>[{\"name\": \"now\", \"arguments\": {}},"
                                + "{\"name\": \"get_weather\", \"arguments\": " + PARIS + "}]</tool_call>",
                        call("now", "{}"),
                        PARIS_CALL);
    }

    private static DialectCard ernie() {
        return JsonCard.of("ernie45", TOOL_CALL)
                .framing("<response>\n", "\n</response>")
                .works(Scenario.ONLY_TEXT, "<response>\nBlue.\n</response>", text("Blue."))
                .works(
                        Scenario.TEXT_BEFORE,
                        "<response>\nOne moment.\n</response>\n\n<tool_call>\n{\"name\": \"get_weather\", \"arguments\": "
                                + PARIS + "}\n</tool_call>\n",
                        text("One moment.\n\n"),
                        PARIS_CALL);
    }

    private static DialectCard gigachat() {
        return JsonCard.of("gigachat3", each("<|function_call|>", "", "").marks("<|function_call|>", ""))
                .works(
                        Scenario.WHITESPACE_VARIANTS,
                        "function call<|role_sep|>\n{\"name\": \"get_weather\", \"arguments\": " + PARIS + "}",
                        PARIS_CALL);
    }

    private static DialectCard granite() {
        return JsonCard.of("granite", list("<|tool_call|>[", ", ", "]").marks("<|tool_call|>", ""))
                .works(
                        Scenario.WHITESPACE_VARIANTS,
                        "<tool_call> [{\"arguments\": " + PARIS + ", \"name\": \"get_weather\"}]",
                        PARIS_CALL);
    }

    private static DialectCard commandR() {
        return JsonCard.of(
                        "command_r",
                        list("Action: ```json\n[\n    ", ",\n    ", "\n]```")
                                .keys("tool_name", "parameters")
                                .marks("Action: ```json", "```"))
                .works(
                        Scenario.WHITESPACE_VARIANTS,
                        "Action:```json\n[\n    {\n        \"tool_name\": \"get_weather\",\n        \"parameters\": {\n"
                                + "            \"city\": \"Paris\"\n        }\n    }\n]```",
                        call("get_weather", "{\n            \"city\": \"Paris\"\n        }"));
    }

    private static DialectCard commandR7b() {
        return JsonCard.of(
                        "command_r7b",
                        list("<|START_ACTION|>[\n    ", ",\n    ", "\n]<|END_ACTION|>")
                                .keys("tool_name", "parameters")
                                .marks("<|START_ACTION|>", "<|END_ACTION|>"))
                .framing("<|START_RESPONSE|>", "<|END_RESPONSE|>")
                .works(Scenario.ONLY_TEXT, "<|START_RESPONSE|>Blue.<|END_RESPONSE|>", text("Blue."))
                .works(
                        Scenario.CALL_ID,
                        "<|START_ACTION|>[\n    {\"tool_call_id\": \"0\", \"tool_name\": \"get_weather\", \"parameters\": "
                                + PARIS + "}\n]<|END_ACTION|>",
                        callWithId("get_weather", "0", PARIS));
    }

    private static DialectCard llama3() {
        String call = "{\"name\": \"get_weather\", \"parameters\": " + PARIS + "}";
        return JsonCard.of("llama3_json", each("", "", "; ").keys("name", "parameters"))
                .works(Scenario.WHITESPACE_VARIANTS, "<|python_tag|>" + call, PARIS_CALL)
                .works(
                        Scenario.WHITESPACE_VARIANTS,
                        "{\"type\": \"function\", \"name\": \"get_weather\", \"parameters\": " + PARIS + "}",
                        PARIS_CALL)
                .works(Scenario.PARALLEL_CALLS, "<|python_tag|>" + call + "; " + call, PARIS_CALL, PARIS_CALL)
                .works(Scenario.MARKER_WITHOUT_CALL, "<|python_tag|>print(2 + 2)", text("<|python_tag|>print(2 + 2)"))
                .knownBroken(
                        Scenario.JSON_IN_TEXT,
                        "For example:\n```json\n" + call + "\n```",
                        "nothing tells a call that is shown from one that is made",
                        text("For example:\n```json\n"),
                        PARIS_CALL,
                        text("\n```"));
    }

    private static DialectCard apertus() {
        String noCall = "what is in the list is a call only if it holds an object";
        return JsonCard.ofNamedArguments(
                        "apertus",
                        list("<|tools_prefix|>[", ", ", "]<|tools_suffix|>")
                                .marks("<|tools_prefix|>", "<|tools_suffix|>")
                                .calls((name, arguments) -> "{\"" + name + "\": " + arguments + "}"))
                .notApplicable(Scenario.LEFT_OUT_ARGUMENTS, noCall)
                .notApplicable(Scenario.ARGUMENTS_IN_A_STRING, noCall)
                .notApplicable(Scenario.ARGUMENTS_ARE_NO_OBJECT, noCall);
    }

    private static DialectCard mistral11() {
        return JsonCard.ofNamedArguments(
                        "mistral_v11",
                        each("[TOOL_CALLS]", "", "")
                                .marks("[TOOL_CALLS]", "")
                                .calls((name, arguments) -> name + "[ARGS]" + arguments))
                .works(Scenario.WHITESPACE_VARIANTS, "[TOOL_CALLS]get_weather" + PARIS, PARIS_CALL)
                .works(Scenario.WHITESPACE_VARIANTS, "[TOOL_CALLS] get_weather [ARGS] " + PARIS, PARIS_CALL)
                .works(Scenario.WHITESPACE_VARIANTS, "[TOOL_CALLS]get_weather " + PARIS, PARIS_CALL)
                .works(Scenario.WHITESPACE_VARIANTS, "[TOOL_CALLS]get_weather\n" + PARIS, PARIS_CALL)
                .works(
                        Scenario.MARKER_WITHOUT_CALL,
                        "[TOOL_CALLS]get_weather " + " ".repeat(80) + "is it",
                        text("[TOOL_CALLS]get_weather " + " ".repeat(80) + "is it"))
                .works(
                        Scenario.PARALLEL_CALLS,
                        "[TOOL_CALLS]get_weather" + PARIS + "[TOOL_CALLS]now{}",
                        PARIS_CALL,
                        call("now", "{}"))
                .works(
                        Scenario.CALL_ID,
                        "[TOOL_CALLS]get_weather[CALL_ID]a1B2c3D4e[ARGS]" + PARIS,
                        callWithId("get_weather", "a1B2c3D4e", PARIS))
                .works(Scenario.MISSING_NAME, "[TOOL_CALLS][ARGS]" + PARIS, text("[TOOL_CALLS][ARGS]" + PARIS))
                .works(
                        Scenario.WHITESPACE_VARIANTS,
                        "[TOOL_CALLS] [{\"name\": \"get_weather\", \"arguments\": " + PARIS + "}]",
                        PARIS_CALL);
    }
}
