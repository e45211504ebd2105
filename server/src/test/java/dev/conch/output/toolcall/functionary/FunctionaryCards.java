package dev.conch.output.toolcall.functionary;

import static dev.conch.output.toolcall.Piece.brokenCall;
import static dev.conch.output.toolcall.Piece.call;
import static dev.conch.output.toolcall.Piece.text;

import dev.conch.output.toolcall.DialectCard;
import dev.conch.output.toolcall.JsonArguments;
import dev.conch.output.toolcall.Scenario;
import java.util.List;

/** How Functionary's format answers the scenarios. */
public final class FunctionaryCards {
    private static final String PARIS = "{\"city\": \"Paris\"}";

    public static final List<DialectCard> ALL = List.of(card());

    private FunctionaryCards() {}

    private static DialectCard card() {
        DialectCard card = DialectCard.of("functionary_v32").framing(">>>all\n", "all\n");
        texts(card);
        calls(card);
        arguments(card);
        faults(card);
        return card;
    }

    private static void texts(DialectCard card) {
        card.works(Scenario.EMPTY_TEXT, "")
                .works(Scenario.ONLY_TEXT, "all\nIt is sunny.\n", text("It is sunny.\n"))
                .works(Scenario.ONLY_TEXT, "It is sunny.\n", text("It is sunny.\n"))
                .works(Scenario.ONLY_TEXT, "Yes\nit is.", text("Yes\nit is."))
                .works(Scenario.JSON_IN_TEXT, "all\n{\"name\": \"now\"}", text("{\"name\": \"now\"}"))
                .works(
                        Scenario.MARKER_LOOK_ALIKES,
                        "all\n>> a >>>= 3\n>>> x = 1\n>>>>> >",
                        text(">> a >>>= 3\n>>> x = 1\n>>>>> >"))
                .works(Scenario.MARKER_WITHOUT_CALL, "all\nSee >>>python\nprint", text("See >>>python\nprint"))
                .notApplicable(Scenario.END_MARKER_ALONE, "calls end without a marker")
                .works(Scenario.MISSING_NAME, "all\n>>>\n{}", text(">>>\n{}"));
    }

    private static void calls(DialectCard card) {
        card.works(
                        Scenario.SINGLE_CALL,
                        "get_weather\n{\"city\": \"Paris\", \"days\": 3}",
                        call("get_weather", "{\"city\": \"Paris\", \"days\": 3}"))
                .works(
                        Scenario.PARALLEL_CALLS,
                        "get_weather\n" + PARIS + ">>>get_weather\n{\"city\": \"Tokyo\"}",
                        call("get_weather", PARIS),
                        call("get_weather", "{\"city\": \"Tokyo\"}"))
                .notApplicable(Scenario.PARALLEL_CALLS_WITHOUT_SEPARATOR, "the mark between messages is the separator")
                .works(Scenario.NO_ARGUMENTS, "now\n{}", call("now", "{}"))
                .works(Scenario.LEFT_OUT_ARGUMENTS, "now\n>>>all\nSo.", call("now", "{}"), text("So."))
                .works(Scenario.UNKNOWN_FUNCTION, "fly_to_moon\n{\"a\": 1}", call("fly_to_moon", "{\"a\": 1}"))
                .works(
                        Scenario.NAME_WITH_PUNCTUATION,
                        "weather.get-now_v2\n" + PARIS,
                        call("weather.get-now_v2", PARIS))
                .notApplicable(Scenario.CALL_ID, "calls have no ids")
                .notApplicable(Scenario.ARGUMENTS_BEFORE_NAME, "the name comes first")
                .works(
                        Scenario.ARGUMENTS_IN_A_STRING,
                        "get_weather\n\"{\\\"city\\\": \\\"Paris\\\"}\"",
                        call("get_weather", PARIS))
                .works(
                        Scenario.TEXT_BEFORE,
                        "all\nI look.>>>get_weather\n" + PARIS,
                        text("I look."),
                        call("get_weather", PARIS))
                .works(
                        Scenario.TEXT_BETWEEN,
                        "now\n{}>>>all\nAnd>>>now\n{}",
                        call("now", "{}"),
                        text("And"),
                        call("now", "{}"))
                .works(Scenario.TEXT_AFTER, "now\n{}>>>all\nThere.", call("now", "{}"), text("There."))
                .works(Scenario.WHITESPACE_VARIANTS, "now\n {} \n>>>now\n{}\n", call("now", "{}"), call("now", "{}"));
    }

    private static void arguments(DialectCard card) {
        JsonArguments.BY_SCENARIO.forEach((scenario, arguments) -> passes(card, scenario, arguments));
        passes(card, Scenario.CODE_IN_ARGUMENTS, "{\"content\": \"<p>if (a>>>b) { f('}'); }</p>\"}");
        passes(card, Scenario.MARKERS_IN_ARGUMENTS, "{\"content\": \">>>all\\n >>>now\"}");
    }

    private static void faults(DialectCard card) {
        card.works(Scenario.MISSING_END_MARKER, "all\nHm.>>>now\n{}", text("Hm."), call("now", "{}"))
                .works(
                        Scenario.MALFORMED_ARGUMENTS,
                        "get_weather\n{\"city\": Paris}",
                        brokenCall("get_weather", "{\"city\": Paris}"))
                .works(
                        Scenario.MALFORMED_CALL_THEN_CALL,
                        "get_weather\n{\"city\": Paris}>>>now\n{}",
                        brokenCall("get_weather", "{\"city\": Paris}"),
                        call("now", "{}"))
                .works(Scenario.ARGUMENTS_ARE_NO_OBJECT, "now\n[1]", brokenCall("now", "[1]"))
                .works(Scenario.CUT_OFF_IN_NAME, "get_w", text("get_w"))
                .works(
                        Scenario.CUT_OFF_IN_ARGUMENTS,
                        "get_weather\n{\"city\": \"Par",
                        brokenCall("get_weather", "{\"city\": \"Par"))
                .works(Scenario.CUT_OFF_BETWEEN_CALLS, "now\n{}>>>", call("now", "{}"), text(">>>"));
    }

    private static void passes(DialectCard card, Scenario scenario, String arguments) {
        card.works(scenario, "write_file\n" + arguments, call("write_file", arguments));
    }
}
