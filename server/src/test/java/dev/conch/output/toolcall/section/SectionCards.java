package dev.conch.output.toolcall.section;

import static dev.conch.output.toolcall.Piece.text;

import dev.conch.output.toolcall.DialectCard;
import dev.conch.output.toolcall.JsonArguments;
import dev.conch.output.toolcall.Piece;
import dev.conch.output.toolcall.Scenario;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the dialects with sections of calls answer the scenarios. */
public final class SectionCards {

    /**
     * How a family spells a call.
     *
     * @param id what the id of a call is; empty: the model writes none
     */
    private record Spelling(
            String begin,
            String callBegin,
            String behindName,
            String callEnd,
            String separator,
            String end,
            String id) {
        String section(String name, String arguments) {
            return begin + call(name, arguments) + end;
        }

        String call(String name, String arguments) {
            return head(name) + arguments + callEnd;
        }

        String head(String name) {
            return callBegin + name + behindName;
        }

        Piece called(String name, String arguments) {
            return new Piece.Call(name, idOf(name), arguments, true);
        }

        Piece broken(String name, String arguments) {
            return new Piece.Call(name, idOf(name), arguments, false);
        }

        private @Nullable String idOf(String name) {
            return id.isEmpty() ? null : id.formatted(name);
        }
    }

    public static final List<DialectCard> ALL = List.of(
            card(
                            "deepseek_v3",
                            new Spelling(
                                    "<｜tool▁calls▁begin｜>",
                                    "<｜tool▁call▁begin｜>function<｜tool▁sep｜>",
                                    "\n```json\n",
                                    "\n```<｜tool▁call▁end｜>",
                                    "\n",
                                    "<｜tool▁calls▁end｜>",
                                    ""))
                    .works(
                            Scenario.MISSING_NAME,
                            "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>now",
                            text("<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>now")),
            card(
                    "deepseek_v31",
                    new Spelling(
                            "<｜tool▁calls▁begin｜>",
                            "<｜tool▁call▁begin｜>",
                            "<｜tool▁sep｜>",
                            "<｜tool▁call▁end｜>",
                            "",
                            "<｜tool▁calls▁end｜>",
                            "")),
            card("functionary_v31", new Spelling("", "<function=", ">", "</function>", "", "", ""))
                    .instead(Scenario.MARKER_WITHOUT_CALL)
                    .works(Scenario.MARKER_WITHOUT_CALL, "<function=is it", text("<function=is it"))
                    .instead(Scenario.END_MARKER_ALONE)
                    .works(Scenario.END_MARKER_ALONE, "a </function> b", text("a </function> b")),
            card(
                            "kimi_k2",
                            new Spelling(
                                    "<|tool_calls_section_begin|>",
                                    "<|tool_call_begin|>functions.",
                                    ":0<|tool_call_argument_begin|>",
                                    "<|tool_call_end|>",
                                    "",
                                    "<|tool_calls_section_end|>",
                                    "functions.%s:0"))
                    .works(
                            Scenario.CALL_ID,
                            "<|tool_call_section_begin|><|tool_call_begin|>functions.now:12 <|tool_call_argument_begin|> {} <|tool_call_end|><|tool_call_section_end|>",
                            Piece.callWithId("now", "functions.now:12", "{}"))
                    .works(
                            Scenario.CALL_ID,
                            "<|tool_calls_section_begin|><|tool_call_begin|>now<|tool_call_argument_begin|>{}<|tool_call_end|>",
                            Piece.callWithId("now", "now", "{}")));

    private SectionCards() {}

    private static DialectCard card(String dialect, Spelling as) {
        DialectCard card = DialectCard.of(dialect);
        texts(card, as);
        calls(card, as);
        arguments(card, as);
        faults(card, as);
        return card;
    }

    private static void texts(DialectCard card, Spelling as) {
        Piece paris = as.called("get_weather", "{\"city\": \"Paris\"}");
        Piece now = as.called("now", "{}");
        String first = as.section("get_weather", "{\"city\": \"Paris\"}");
        String second = as.section("now", "{}");
        String lookAlikes = "a < b <｜ <| <｜tool▁call▁begi <|tool_call_begi <tool_call> <";
        String nameless = as.begin() + as.callBegin().replace("functions.", "")
                + as.behindName().replace(":0", "") + "{}";
        card.works(Scenario.EMPTY_TEXT, "")
                .works(Scenario.ONLY_TEXT, "It is sunny.\n\nIs it?\n", text("It is sunny.\n\nIs it?\n"))
                .works(
                        Scenario.JSON_IN_TEXT,
                        "{\"name\": \"now\"}\n```json\n[]\n```",
                        text("{\"name\": \"now\"}\n```json\n[]\n```"))
                .works(Scenario.MARKER_LOOK_ALIKES, lookAlikes, text(lookAlikes))
                .works(Scenario.MARKER_WITHOUT_CALL, as.begin() + " is it", text(as.begin() + " is it"))
                .works(Scenario.MARKER_WITHOUT_CALL, as.begin() + as.end(), text(as.begin() + as.end()))
                .works(Scenario.END_MARKER_ALONE, "So " + as.end() + " it is", text("So " + as.end() + " it is"))
                .works(Scenario.MISSING_NAME, nameless, text(nameless))
                .works(Scenario.TEXT_BEFORE, "I look.\n\n" + first, text("I look.\n\n"), paris)
                .works(Scenario.TEXT_BETWEEN, first + "\nAnd\n" + second, paris, text("\nAnd\n"), now)
                .works(Scenario.TEXT_AFTER, first + "\nThere.\n", paris, text("\nThere.\n"));
    }

    private static void calls(DialectCard card, Spelling as) {
        Piece paris = as.called("get_weather", "{\"city\": \"Paris\"}");
        Piece tokyo = as.called("get_weather", "{\"city\": \"Tokyo\"}");
        String first = as.call("get_weather", "{\"city\": \"Paris\"}");
        String second = as.call("get_weather", "{\"city\": \"Tokyo\"}");
        card.works(
                        Scenario.SINGLE_CALL,
                        as.section("get_weather", "{\"city\": \"Paris\", \"days\": 3}"),
                        as.called("get_weather", "{\"city\": \"Paris\", \"days\": 3}"))
                .works(Scenario.PARALLEL_CALLS, as.begin() + first + as.separator() + second + as.end(), paris, tokyo)
                .works(Scenario.PARALLEL_CALLS_WITHOUT_SEPARATOR, as.begin() + first + second + as.end(), paris, tokyo)
                .works(Scenario.NO_ARGUMENTS, as.section("now", "{}"), as.called("now", "{}"))
                .works(Scenario.LEFT_OUT_ARGUMENTS, as.section("now", "null"), as.called("now", "{}"))
                .works(
                        Scenario.UNKNOWN_FUNCTION,
                        as.section("fly_to_moon", "{\"speed\": 3}"),
                        as.called("fly_to_moon", "{\"speed\": 3}"))
                .works(
                        Scenario.NAME_WITH_PUNCTUATION,
                        as.section("weather.get-now_v2", "{\"city\": \"Paris\"}"),
                        as.called("weather.get-now_v2", "{\"city\": \"Paris\"}"))
                .works(
                        Scenario.WHITESPACE_VARIANTS,
                        "\n\n" + as.begin() + "\n " + first + " \n" + second + "\n" + as.end() + "\n",
                        paris,
                        tokyo)
                .works(Scenario.WHITESPACE_VARIANTS, first, paris)
                .works(
                        Scenario.ARGUMENTS_IN_A_STRING,
                        as.section("get_weather", "\"{\\\"city\\\": \\\"Paris\\\"}\""),
                        paris)
                .notApplicable(Scenario.ARGUMENTS_BEFORE_NAME, "the name is what a call begins with");
        if (as.id().isEmpty()) {
            card.notApplicable(Scenario.CALL_ID, "calls have no ids");
        }
    }

    private static void arguments(DialectCard card, Spelling as) {
        JsonArguments.BY_SCENARIO.forEach((scenario, arguments) -> passes(card, scenario, as, arguments));
        passes(card, Scenario.CODE_IN_ARGUMENTS, as, "{\"content\": \"<p>if (a<b) { f('}'); }</p>\\n```\\n\"}");
        passes(
                card,
                Scenario.MARKERS_IN_ARGUMENTS,
                as,
                "{\"content\": \"" + as.callEnd().strip() + as.end() + as.begin() + "\"}");
    }

    private static void passes(DialectCard card, Scenario scenario, Spelling as, String arguments) {
        card.works(scenario, as.section("write_file", arguments), as.called("write_file", arguments));
    }

    private static void faults(DialectCard card, Spelling as) {
        Piece paris = as.called("get_weather", "{\"city\": \"Paris\"}");
        String open = as.begin() + as.head("get_weather");
        String cutOff = open.substring(0, open.indexOf("weather") + 3);
        card.works(Scenario.MISSING_END_MARKER, open + "{\"city\": \"Paris\"}" + as.end(), paris)
                .works(Scenario.MISSING_END_MARKER, open + "{\"city\": \"Paris\"}", paris)
                .works(Scenario.MISSING_END_MARKER, as.begin() + as.call("get_weather", "{\"city\": \"Paris\"}"), paris)
                .works(
                        Scenario.MALFORMED_ARGUMENTS,
                        as.section("get_weather", "{\"city\": Paris}"),
                        as.broken(
                                "get_weather",
                                "{\"city\": Paris}" + (as.callEnd().startsWith("\n") ? "\n```" : "")))
                .works(
                        Scenario.MALFORMED_CALL_THEN_CALL,
                        open + "{\"city\": " + as.call("now", "{}") + as.end(),
                        as.broken("get_weather", "{\"city\": "),
                        as.called("now", "{}"))
                .works(Scenario.ARGUMENTS_ARE_NO_OBJECT, as.section("now", "[1]"), as.broken("now", "[1]"))
                .works(Scenario.ARGUMENTS_ARE_NO_OBJECT, as.section("now", "7"), as.broken("now", "7"))
                .works(Scenario.CUT_OFF_IN_NAME, cutOff, text(cutOff))
                .works(
                        Scenario.CUT_OFF_IN_ARGUMENTS,
                        open + "{\"city\": \"Par",
                        as.broken("get_weather", "{\"city\": \"Par"))
                .works(
                        Scenario.CUT_OFF_BETWEEN_CALLS,
                        as.begin() + as.call("get_weather", "{\"city\": \"Paris\"}") + as.separator(),
                        paris);
    }
}
