package dev.conch.output.toolcall.harmony;

import static dev.conch.output.toolcall.Piece.brokenCall;
import static dev.conch.output.toolcall.Piece.call;
import static dev.conch.output.toolcall.Piece.reasoning;
import static dev.conch.output.toolcall.Piece.text;

import dev.conch.output.toolcall.DialectCard;
import dev.conch.output.toolcall.JsonArguments;
import dev.conch.output.toolcall.Scenario;
import java.util.List;

/** How harmony answers the scenarios. */
public final class HarmonyCards {
    private static final String THOUGHT = "<|channel|>analysis<|message|>Hm.<|end|>";
    private static final String FINAL = "<|channel|>final<|message|>";
    private static final String NEXT = "<|start|>assistant";
    private static final String PARIS = "{\"city\": \"Paris\"}";

    public static final List<DialectCard> ALL = List.of(card());

    private HarmonyCards() {}

    private static DialectCard card() {
        DialectCard card = DialectCard.of("harmony")
                .framing(
                        "<|start|>assistant<|channel|>final<|message|>",
                        "<|channel|>analysis<|message|>",
                        "<|channel|>commentary<|message|>",
                        FINAL,
                        "<|end|>",
                        "<|return|>",
                        "<|call|>");
        texts(card);
        calls(card);
        arguments(card);
        faults(card);
        return card;
    }

    private static void texts(DialectCard card) {
        card.works(Scenario.EMPTY_TEXT, "")
                .works(Scenario.ONLY_TEXT, "It is sunny.\n", text("It is sunny.\n"))
                .works(Scenario.ONLY_TEXT, FINAL + "It is sunny.\n<|return|>", text("It is sunny.\n"))
                .works(
                        Scenario.ONLY_TEXT,
                        THOUGHT + NEXT + FINAL + "Sunny.<|return|>",
                        reasoning("Hm."),
                        text("Sunny."))
                .works(Scenario.JSON_IN_TEXT, FINAL + "{\"name\": \"now\"}", text("{\"name\": \"now\"}"))
                .works(
                        Scenario.MARKER_LOOK_ALIKES,
                        FINAL + "a < b <| <|channel <|message|> to=functions.now <",
                        text("a < b <| <|channel <|message|> to=functions.now <"))
                .works(
                        Scenario.MARKER_WITHOUT_CALL,
                        "<|channel|>commentary to=functions.now",
                        text("<|channel|>commentary to=functions.now"))
                .works(Scenario.END_MARKER_ALONE, "So <|call|> it is", text("So  it is"))
                .works(Scenario.MISSING_NAME, "<|channel|>commentary<|message|>{}<|call|>", text("{}"));
    }

    private static void calls(DialectCard card) {
        card.works(
                        Scenario.SINGLE_CALL,
                        THOUGHT + NEXT + said("get_weather", "{\"city\": \"Paris\", \"days\": 3}"),
                        reasoning("Hm."),
                        call("get_weather", "{\"city\": \"Paris\", \"days\": 3}"))
                .works(
                        Scenario.SINGLE_CALL,
                        " to=functions.now<|channel|>commentary json<|message|>{}<|call|>",
                        call("now", "{}"))
                .works(
                        Scenario.PARALLEL_CALLS,
                        said("get_weather", PARIS) + NEXT + said("now", "{}"),
                        call("get_weather", PARIS),
                        call("now", "{}"))
                .notApplicable(Scenario.PARALLEL_CALLS_WITHOUT_SEPARATOR, "every message has a header")
                .works(Scenario.NO_ARGUMENTS, said("now", "{}"), call("now", "{}"))
                .works(Scenario.LEFT_OUT_ARGUMENTS, said("now", ""), call("now", "{}"))
                .works(
                        Scenario.UNKNOWN_FUNCTION,
                        said("fly_to_moon", "{\"speed\": 3}"),
                        call("fly_to_moon", "{\"speed\": 3}"))
                .works(
                        Scenario.NAME_WITH_PUNCTUATION,
                        said("weather.get-now_v2", PARIS),
                        call("weather.get-now_v2", PARIS))
                .notApplicable(Scenario.CALL_ID, "calls have no ids")
                .notApplicable(Scenario.ARGUMENTS_BEFORE_NAME, "the name is in the header")
                .works(
                        Scenario.ARGUMENTS_IN_A_STRING,
                        said("get_weather", "\"{\\\"city\\\": \\\"Paris\\\"}\""),
                        call("get_weather", PARIS))
                .works(
                        Scenario.TEXT_BEFORE,
                        "<|channel|>commentary<|message|>I look.<|end|>" + NEXT + said("get_weather", PARIS),
                        text("I look."),
                        call("get_weather", PARIS))
                .works(
                        Scenario.TEXT_BETWEEN,
                        said("now", "{}") + NEXT + "<|channel|>commentary<|message|>And<|end|>" + NEXT
                                + said("now", "{}"),
                        call("now", "{}"),
                        text("And"),
                        call("now", "{}"))
                .works(
                        Scenario.TEXT_AFTER,
                        said("now", "{}") + NEXT + FINAL + "There.",
                        call("now", "{}"),
                        text("There."))
                .works(
                        Scenario.WHITESPACE_VARIANTS,
                        "<|channel|>commentary to=functions.now<|constrain|>json<|message|> {} <|call|>\n",
                        call("now", "{}"))
                .works(
                        Scenario.WHITESPACE_VARIANTS,
                        "<|start|>assistant<|channel|> commentary  to=functions.now code<|message|>\n{}<|call|>",
                        call("now", "{}"));
    }

    private static void arguments(DialectCard card) {
        JsonArguments.BY_SCENARIO.forEach((scenario, arguments) -> passes(card, scenario, arguments));
        passes(card, Scenario.CODE_IN_ARGUMENTS, "{\"content\": \"<p>if (a<b) { f('}'); }</p>\"}");
        passes(card, Scenario.MARKERS_IN_ARGUMENTS, "{\"content\": \"<|call|><|start|>assistant<|channel|>final\"}");
    }

    private static void faults(DialectCard card) {
        String open = said("get_weather", "").replace("<|call|>", "");
        card.works(Scenario.MISSING_END_MARKER, open + PARIS, call("get_weather", PARIS))
                .works(
                        Scenario.MALFORMED_ARGUMENTS,
                        said("get_weather", "{\"city\": Paris}"),
                        brokenCall("get_weather", "{\"city\": Paris}"))
                .works(
                        Scenario.MALFORMED_CALL_THEN_CALL,
                        said("get_weather", "{\"city\": Paris}") + NEXT + said("now", "{}"),
                        brokenCall("get_weather", "{\"city\": Paris}"),
                        call("now", "{}"))
                .works(Scenario.ARGUMENTS_ARE_NO_OBJECT, said("now", "[1]"), brokenCall("now", "[1]"))
                .works(Scenario.CUT_OFF_IN_NAME, " to=functions.get_w", text(" to=functions.get_w"))
                .works(
                        Scenario.CUT_OFF_IN_ARGUMENTS,
                        open + "{\"city\": \"Par",
                        brokenCall("get_weather", "{\"city\": \"Par"))
                .works(Scenario.CUT_OFF_BETWEEN_CALLS, said("now", "{}"), call("now", "{}"));
    }

    private static void passes(DialectCard card, Scenario scenario, String arguments) {
        card.works(scenario, said("write_file", arguments), call("write_file", arguments));
    }

    private static String said(String name, String arguments) {
        return "<|channel|>commentary to=functions." + name + " <|constrain|>json<|message|>" + arguments + "<|call|>";
    }
}
