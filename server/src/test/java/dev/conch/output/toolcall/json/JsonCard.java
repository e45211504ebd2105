package dev.conch.output.toolcall.json;

import static dev.conch.output.toolcall.Piece.brokenCall;
import static dev.conch.output.toolcall.Piece.call;
import static dev.conch.output.toolcall.Piece.callWithId;
import static dev.conch.output.toolcall.Piece.text;

import dev.conch.output.toolcall.DialectCard;
import dev.conch.output.toolcall.Piece;
import dev.conch.output.toolcall.Scenario;

/** How any dialect of JSON answers the scenarios, in the writing of one family. */
final class JsonCard {
    private static final String PARIS = "{\"city\": \"Paris\", \"days\": 3}";
    private static final String TOKYO = "{\"city\": \"Tokyo\"}";
    private static final String BAD = "{\"city\": Paris, \"days\": 3}";
    private static final Piece PARIS_CALL = call("get_weather", PARIS);
    private static final Piece TOKYO_CALL = call("get_weather", TOKYO);

    private final Writing writing;
    private final DialectCard card;

    private JsonCard(String dialect, Writing writing) {
        this.writing = writing;
        card = DialectCard.of(dialect);
    }

    /** A dialect whose calls are objects with a name and arguments. */
    static DialectCard of(String dialect, Writing writing) {
        JsonCard card = new JsonCard(dialect, writing);
        card.whateverACallIs();
        card.objects();
        return card.card;
    }

    /** A dialect in which only the arguments are an object. */
    static DialectCard ofNamedArguments(String dialect, Writing writing) {
        JsonCard card = new JsonCard(dialect, writing);
        card.whateverACallIs();
        String nameFirst = "a call begins with its name";
        return card.card
                .notApplicable(Scenario.CALL_ID, "a call has no place for one")
                .notApplicable(Scenario.ARGUMENTS_BEFORE_NAME, nameFirst)
                .notApplicable(Scenario.MISSING_NAME, nameFirst);
    }

    private void whateverACallIs() {
        withoutCalls();
        calls();
        arguments();
        around();
        marks();
        faults();
        cutOff();
    }

    private void withoutCalls() {
        card.works(Scenario.EMPTY_TEXT, "");
        says(Scenario.ONLY_TEXT, "The sky is blue.\n\n  And so is the sea.\n");
        says(Scenario.ONLY_TEXT, "\n");
        says(Scenario.JSON_IN_TEXT, "Like this:\n```json\n{\"name\": \"Bob\", \"age\": 5}\n```\nor [1, {\"a\": 2}].");
        says(Scenario.JSON_IN_TEXT, "{\"answer\": [1, 2]}");
        says(Scenario.JSON_IN_TEXT, " {\"name\": \"Bob\"}");
        says(Scenario.JSON_IN_TEXT, "[{\"name\": \"Bob\", \"age\": 5}]");
        says(Scenario.JSON_IN_TEXT, "[]");
        says(Scenario.JSON_IN_TEXT, "if (a) { return [b]; }");
    }

    private void calls() {
        card.works(Scenario.SINGLE_CALL, writing.one("get_weather", PARIS), PARIS_CALL);
        card.works(Scenario.PARALLEL_CALLS, writing.two(paris(), tokyo()), PARIS_CALL, TOKYO_CALL);
        card.works(
                Scenario.PARALLEL_CALLS_WITHOUT_SEPARATOR,
                writing.two(paris(), tokyo(), writing.between().strip()),
                PARIS_CALL,
                TOKYO_CALL);
        works(Scenario.NO_ARGUMENTS, "now", "{}");
        works(Scenario.UNKNOWN_FUNCTION, "fly_to_moon", "{\"speed\": \"fast\"}");
        works(Scenario.NAME_WITH_PUNCTUATION, "weather.get-now_v2", "{\"city\": \"Paris\"}");
    }

    private void arguments() {
        works(
                Scenario.NESTED_ARGUMENTS,
                "plan_trip",
                "{\"route\": [{\"city\": \"Rome\"}, {\"city\": \"Bari\"}], \"options\": {\"a\": {\"b\": []}}, "
                        + "\"budget\": -12.5e+3, \"pets\": false, \"note\": null}");
        works(
                Scenario.UNICODE_ARGUMENTS,
                "write_file",
                "{\"path\": \"日本語.txt\", \"content\": \"Zürich, Здравствуй, שלום, 🐚🏳️‍🌈\"}");
        works(
                Scenario.ESCAPES_IN_ARGUMENTS,
                "write_file",
                "{\"path\": \"C:\\\\tmp\\\\\", \"content\": \"\\\"a\\\"\\n\\t\\/\\b\\f\\r\\u00e9\\uD83D\\ude00}\"}");
        card.works(
                Scenario.ESCAPES_IN_ARGUMENTS,
                writing.one("write_file", "{\"path\": \"a\", \"content\": \"one\ntwo\tthree\r\n\u0001\"}"),
                call("write_file", "{\"path\": \"a\", \"content\": \"one\\ntwo\\tthree\\r\\n\\u0001\"}"));
        works(
                Scenario.CODE_IN_ARGUMENTS,
                "write_file",
                "{\"path\": \"a.html\", \"content\": \"<b class='x'>{{ \\\"y\\\" }}</b>\\n```if (a[0] < b) { c(); }```\"}");
        works(
                Scenario.BIG_NUMBERS,
                "transfer",
                "{\"account\": 123456789012345678901234567890, \"amount\": 1.5E400, \"memo\": \"\"}");
        works(
                Scenario.MARKERS_IN_ARGUMENTS,
                "write_file",
                "{\"path\": \"a\", \"content\": \"" + quoted(writing.before() + writing.behind() + writing.before())
                        + "\"}");
        works(
                Scenario.KEYS_OF_A_CALL_IN_ARGUMENTS,
                "write_file",
                "{\"path\": \"{\\\"name\\\": \\\"now\\\", \\\"arguments\\\": {}}\", \"name\": \"x\", \"arguments\": "
                        + "{\"name\": \"now\", \"parameters\": {}}}");
        card.works(Scenario.LEFT_OUT_ARGUMENTS, writing.one("now", "null"), call("now", "{}"));
        card.works(Scenario.LEFT_OUT_ARGUMENTS, writing.one("now", "\"\""), call("now", "{}"));
        card.works(Scenario.ARGUMENTS_IN_A_STRING, writing.one("get_weather", "\"" + quoted(PARIS) + "\""), PARIS_CALL);
        works(Scenario.DUPLICATE_KEYS, "get_weather", "{\"city\": \"Paris\", \"city\": \"Rome\"}");
        works(Scenario.DEEP_ARGUMENTS, "plan_trip", nested(500));
        breaks(Scenario.DEEP_ARGUMENTS, "plan_trip", nested(5000));
        works(
                Scenario.LONG_ARGUMENTS,
                "write_file",
                "{\"path\": \"a\", \"content\": \"" + "All work and no play. ".repeat(910) + "\"}");
    }

    /** What depends on the call's being an object with a name and arguments. */
    private void objects() {
        String name = "\"" + writing.nameKey() + "\": \"get_weather\"";
        String arguments = "\"" + writing.argumentsKey() + "\": ";
        String nameAlone = writing.around("{\"" + writing.nameKey() + "\": \"now\"}");
        if (writing.begin().isEmpty()) {
            says(Scenario.LEFT_OUT_ARGUMENTS, nameAlone);
        } else {
            card.works(Scenario.LEFT_OUT_ARGUMENTS, nameAlone, call("now", "{}"));
        }
        card.works(
                Scenario.CALL_ID,
                writing.around("{\"id\": \"call_1\", " + name + ", " + arguments + PARIS + "}"),
                callWithId("get_weather", "call_1", PARIS));
        card.knownBroken(
                Scenario.CALL_ID,
                writing.around("{" + name + ", " + arguments + PARIS + ", \"id\": \"call_1\"}"),
                "the call has been told when the id comes, so it gets one of the server's",
                PARIS_CALL);
        card.works(
                Scenario.ARGUMENTS_BEFORE_NAME,
                writing.around("{" + arguments + PARIS + ", " + name + "}"),
                PARIS_CALL);
        card.works(
                Scenario.ARGUMENTS_BEFORE_NAME,
                writing.around("{\"type\": \"function\", \"function\": {" + arguments + PARIS + ", " + name + "}}"),
                PARIS_CALL);
        says(Scenario.MISSING_NAME, writing.around("{" + arguments + PARIS + "}"));
        card.works(
                Scenario.WHITESPACE_VARIANTS,
                "\n" + writing.around("{\n  " + name + " ,\n  " + arguments + "\n" + PARIS + "\n}\n") + " \n",
                PARIS_CALL);
    }

    private void around() {
        card.works(
                Scenario.TEXT_BEFORE,
                "I will look.\n\n" + writing.around(paris()),
                text("I will look.\n\n"),
                PARIS_CALL);
        card.works(
                Scenario.TEXT_BETWEEN,
                writing.around(paris()) + "\nAnd now:\n" + writing.around(tokyo()),
                PARIS_CALL,
                text("\nAnd now:\n"),
                TOKYO_CALL);
        card.works(Scenario.TEXT_AFTER, writing.around(paris()) + "\nThat, then.", PARIS_CALL, text("\nThat, then."));
        card.works(
                Scenario.WHITESPACE_VARIANTS,
                "\n\n" + writing.before().strip() + paris() + writing.behind().strip() + "\n\n",
                PARIS_CALL);
    }

    private void marks() {
        if (writing.begin().isEmpty()) {
            says(Scenario.MARKER_LOOK_ALIKES, "{ and [{ and { \"name\" and [{\"nam");
            card.notApplicable(Scenario.MARKER_WITHOUT_CALL, "there is no marker");
        } else {
            String half = writing.begin().substring(0, writing.begin().length() - 1);
            says(Scenario.MARKER_LOOK_ALIKES, "a " + half + half + "! " + half.substring(0, 1) + half);
            says(Scenario.MARKER_WITHOUT_CALL, writing.begin() + " is how I call; " + writing.begin());
            says(Scenario.MARKER_WITHOUT_CALL, writing.before() + "[1]" + writing.begin() + "{\"a\": 1}");
            says(Scenario.MARKER_WITHOUT_CALL, writing.begin() + "{\"name\": 1}");
            card.works(
                    Scenario.MARKER_WITHOUT_CALL,
                    writing.begin() + writing.around(paris()),
                    text(writing.begin()),
                    PARIS_CALL);
        }
        if (writing.end().isEmpty()) {
            card.notApplicable(Scenario.END_MARKER_ALONE, "there is no marker behind calls");
            card.notApplicable(Scenario.MISSING_END_MARKER, "there is no marker behind calls");
        } else {
            says(Scenario.END_MARKER_ALONE, "Done. " + writing.end() + " Really.");
            card.works(Scenario.MISSING_END_MARKER, writing.before() + paris(), PARIS_CALL);
            card.works(Scenario.MISSING_END_MARKER, writing.before() + paris() + "\nSo.", PARIS_CALL, text("\nSo."));
            card.works(
                    Scenario.MISSING_END_MARKER,
                    writing.before() + paris() + writing.around(tokyo()),
                    PARIS_CALL,
                    TOKYO_CALL);
        }
    }

    private void faults() {
        breaks(Scenario.MALFORMED_ARGUMENTS, "get_weather", BAD);
        breaks(Scenario.MALFORMED_ARGUMENTS, "get_weather", "{\"city\": \"Paris\",}");
        breaks(Scenario.MALFORMED_ARGUMENTS, "get_weather", "{'city': 'Paris'}");
        breaks(Scenario.MALFORMED_ARGUMENTS, "get_weather", "{\"city\": \"\\x\"}");
        breaks(Scenario.MALFORMED_ARGUMENTS, "transfer", "{\"amount\": 01}");
        breaks(Scenario.MALFORMED_ARGUMENTS, "transfer", "{\"amount\": True}");
        String twice = writing.two(writing.call("get_weather", BAD), tokyo());
        String rest = writing.broken(twice, BAD);
        if (writing.list() || writing.begin().isEmpty()) {
            card.knownBroken(
                    Scenario.MALFORMED_CALL_THEN_CALL,
                    twice,
                    "where a call that is not JSON ends, only a marker could tell",
                    brokenCall("get_weather", rest));
        } else {
            String upToMark = writing.end().isEmpty() ? rest.substring(0, rest.indexOf(writing.begin())) : rest;
            card.works(Scenario.MALFORMED_CALL_THEN_CALL, twice, brokenCall("get_weather", upToMark), TOKYO_CALL);
        }
        noObject("[1, 2]", "[1, 2]");
        noObject("-3.5", "-3.5");
        noObject("\"tomorrow\"", "tomorrow");
        noObject("\"{\\\"a\\\": }\"", "{\"a\": }");
        noObject("true", "true");
    }

    private void noObject(String written, String told) {
        card.works(Scenario.ARGUMENTS_ARE_NO_OBJECT, writing.one("now", written), brokenCall("now", told));
    }

    private void cutOff() {
        String whole = writing.before() + paris();
        says(Scenario.CUT_OFF_IN_NAME, whole.substring(0, whole.indexOf("_weather")));
        card.works(
                Scenario.CUT_OFF_IN_ARGUMENTS,
                whole.substring(0, whole.indexOf("aris")),
                brokenCall("get_weather", "{\"city\": \"P"));
        card.works(
                Scenario.CUT_OFF_BETWEEN_CALLS,
                whole + (writing.list() ? "" : writing.behind()) + writing.between(),
                PARIS_CALL);
    }

    private void says(Scenario scenario, String said) {
        card.works(scenario, said, text(said));
    }

    private void works(Scenario scenario, String name, String arguments) {
        card.works(scenario, writing.one(name, arguments), call(name, arguments));
    }

    /** The answer is as it should be: the call is told to be broken. */
    private void breaks(Scenario scenario, String name, String arguments) {
        String written = writing.one(name, arguments);
        card.works(scenario, written, brokenCall(name, writing.broken(written, arguments)));
    }

    private String paris() {
        return writing.call("get_weather", PARIS);
    }

    private String tokyo() {
        return writing.call("get_weather", TOKYO);
    }

    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private static String nested(int depth) {
        return "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
    }
}
