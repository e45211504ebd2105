package dev.conch.output.toolcall.xml;

import static dev.conch.output.toolcall.Piece.brokenCall;
import static dev.conch.output.toolcall.Piece.call;
import static dev.conch.output.toolcall.Piece.text;

import dev.conch.output.toolcall.DialectCard;
import dev.conch.output.toolcall.Piece;
import dev.conch.output.toolcall.Scenario;
import java.util.List;

/** How the dialects of XML-like tags answer the scenarios. */
public final class XmlCards {
    private static final String PARIS_JSON = "{\"city\":\"Paris\"}";
    private static final Piece PARIS = call("get_weather", PARIS_JSON);
    private static final Piece TOKYO = call("get_weather", "{\"city\":\"Tokyo\"}");
    private static final Piece NOW = call("now", "{}");

    private static final XmlSpelling QWEN = new XmlSpelling(
            "<tool_call>\n",
            "<function=%s>\n",
            "<parameter=%s>\n%s\n</parameter>\n",
            "</function>\n",
            "</tool_call>",
            false);

    public static final List<DialectCard> ALL = List.of(
            card("qwen3_coder", QWEN)
                    .works(Scenario.SINGLE_CALL, """
                            <tool_call>
                            <function=get_weather>
                            <parameter=city>
                            Paris
                            </parameter>
                            <parameter=days>
                            3
                            </parameter>
                            </function>
                            </tool_call>""", call("get_weather", "{\"city\":\"Paris\",\"days\":3}"))
                    .works(
                            Scenario.MISSING_END_MARKER,
                            "<tool_call>\n<function=now>\n</tool_call>",
                            brokenCall("now", "{}"))
                    .works(Scenario.WHITESPACE_VARIANTS, QWEN.call("now"), NOW),
            card(
                    "seed_oss",
                    new XmlSpelling(
                            "<seed:tool_call>\n",
                            "<function=%s>\n",
                            "<parameter=%s>%s</parameter>\n",
                            "</function>\n",
                            "</seed:tool_call>",
                            false)),
            card(
                    "glm45",
                    new XmlSpelling(
                            "",
                            "<tool_call>%s\n",
                            "<arg_key>%s</arg_key>\n<arg_value>%s</arg_value>\n",
                            "</tool_call>",
                            "",
                            false)),
            card(
                    "glm47",
                    new XmlSpelling(
                            "",
                            "<tool_call>%s",
                            "<arg_key>%s</arg_key><arg_value>%s</arg_value>",
                            "</tool_call>",
                            "",
                            false)),
            card(
                    "minimax_m2",
                    new XmlSpelling(
                            "<minimax:tool_call>\n",
                            "<invoke name=\"%s\">\n",
                            "<parameter name=\"%s\">%s</parameter>\n",
                            "</invoke>\n",
                            "</minimax:tool_call>",
                            true)),
            deepseek("deepseek_v32", "function_calls"),
            deepseek("deepseek_v4", "tool_calls"),
            card(
                    "step3",
                    new XmlSpelling(
                            "<｜tool_calls_begin｜>\n",
                            "<｜tool_call_begin｜>function<｜tool_sep｜><steptml:invoke name=\"%s\">\n",
                            "<steptml:parameter name=\"%s\">%s</steptml:parameter>\n",
                            "</steptml:invoke><｜tool_call_end｜>\n",
                            "<｜tool_calls_end｜>",
                            true)));

    private XmlCards() {}

    private static DialectCard deepseek(String dialect, String block) {
        return card(
                        dialect,
                        new XmlSpelling(
                                "<｜DSML｜" + block + ">\n",
                                "<｜DSML｜invoke name=\"%s\">\n",
                                "<｜DSML｜parameter name=\"%s\">%s</｜DSML｜parameter>\n",
                                "</｜DSML｜invoke>\n",
                                "</｜DSML｜" + block + ">",
                                true))
                .works(
                        Scenario.SINGLE_CALL,
                        "\n\n<｜DSML｜" + block + """
                                >
                                <｜DSML｜invoke name="get_weather">
                                <｜DSML｜parameter name="city" string="true">5</｜DSML｜parameter>
                                <｜DSML｜parameter name="days" string="false">3</｜DSML｜parameter>
                                </｜DSML｜invoke>
                                </｜DSML｜""" + block + ">",
                        call("get_weather", "{\"city\":\"5\",\"days\":3}"));
    }

    private static DialectCard card(String dialect, XmlSpelling as) {
        DialectCard card = DialectCard.of(dialect);
        texts(card, as);
        calls(card, as);
        values(card, as);
        hardValues(card, as);
        textsAroundCalls(card, as);
        faults(card, as);
        return card;
    }

    private static void texts(DialectCard card, XmlSpelling as) {
        String lookAlikes =
                "a < b <tool <tool_calls> </tool_call_ <function f=1> <parameter=x> <invoke> <｜tool <｜DSML｜ <";
        String unfinished = as.blockBegin() + "is what a call begins with";
        String nameless = as.block("", "city", "Paris");
        String end = as.blockEnd().isEmpty() ? as.callEnd() : as.blockEnd();
        card.works(Scenario.EMPTY_TEXT, "")
                .works(Scenario.ONLY_TEXT, "It is sunny.\n\nIs it?\n", text("It is sunny.\n\nIs it?\n"))
                .works(
                        Scenario.JSON_IN_TEXT,
                        "{\"name\": \"now\", \"arguments\": {}}",
                        text("{\"name\": \"now\", \"arguments\": {}}"))
                .works(Scenario.MARKER_LOOK_ALIKES, lookAlikes, text(lookAlikes))
                .works(Scenario.MARKER_WITHOUT_CALL, unfinished, text(unfinished))
                .works(Scenario.END_MARKER_ALONE, "So " + end + " it is", text("So " + end + " it is"))
                .works(Scenario.MISSING_NAME, nameless, text(nameless));
    }

    private static void calls(DialectCard card, XmlSpelling as) {
        String paris = as.call("get_weather", "city", "Paris");
        String tokyo = as.call("get_weather", "city", "Tokyo");
        card.works(
                        Scenario.SINGLE_CALL,
                        as.block("get_weather", "city", "Paris", "days", "3"),
                        call("get_weather", "{\"city\":\"Paris\",\"days\":3}"))
                .works(Scenario.PARALLEL_CALLS, as.twoCalls(paris, tokyo, "\n"), PARIS, TOKYO)
                .works(
                        Scenario.PARALLEL_CALLS_WITHOUT_SEPARATOR,
                        as.spaced("")
                                .twoCalls(
                                        as.spaced("").call("get_weather", "city", "Paris"),
                                        as.spaced("").call("get_weather", "city", "Tokyo"),
                                        ""),
                        PARIS,
                        TOKYO)
                .works(Scenario.NO_ARGUMENTS, as.block("now"), NOW)
                .works(Scenario.LEFT_OUT_ARGUMENTS, as.spaced("").block("now"), NOW)
                .works(
                        Scenario.UNKNOWN_FUNCTION,
                        as.block("fly_to_moon", "speed", "3"),
                        call("fly_to_moon", "{\"speed\":\"3\"}"))
                .works(
                        Scenario.NAME_WITH_PUNCTUATION,
                        as.block("weather.get-now_v2", "city", "Paris"),
                        call("weather.get-now_v2", PARIS_JSON))
                .notApplicable(Scenario.CALL_ID, "calls have no ids")
                .notApplicable(Scenario.ARGUMENTS_BEFORE_NAME, "the name is part of what a call begins with")
                .notApplicable(Scenario.ARGUMENTS_IN_A_STRING, "arguments are written one by one")
                .notApplicable(Scenario.ARGUMENTS_ARE_NO_OBJECT, "arguments are written one by one");
    }

    private static void values(DialectCard card, XmlSpelling as) {
        card.works(
                        Scenario.NESTED_ARGUMENTS,
                        as.block(
                                "plan_trip",
                                "route",
                                "[{\"city\": \"Zürich\"}, {\"city\": \"Rome\"}]",
                                "options",
                                "{\"a\": [1, null]}",
                                "budget",
                                "12.5",
                                "pets",
                                "True",
                                "note",
                                "null"),
                        call(
                                "plan_trip",
                                "{\"route\":[{\"city\": \"Zürich\"}, {\"city\": \"Rome\"}],\"options\":{\"a\": [1, null]},\"budget\":12.5,\"pets\":true,\"note\":null}"))
                .works(
                        Scenario.NESTED_ARGUMENTS,
                        as.block("plan_trip", "note", "nil"),
                        call("plan_trip", "{\"note\":\"nil\"}"))
                .works(
                        Scenario.NESTED_ARGUMENTS,
                        as.block("plan_trip", "note", "nullable"),
                        call("plan_trip", "{\"note\":\"nullable\"}"))
                .works(Scenario.UNICODE_ARGUMENTS, written(as, "Grüße, 你好, שלום 👩‍🚀"), wrote("Grüße, 你好, שלום 👩‍🚀"))
                .works(
                        Scenario.ESCAPES_IN_ARGUMENTS,
                        written(as, "\"a\" \\ b\nc\td \\u0041"),
                        wrote("\\\"a\\\" \\\\ b\\nc\\td \\\\u0041"))
                .works(
                        Scenario.CODE_IN_ARGUMENTS,
                        written(as, "<p class=\"x\">if (a<b && c>d) { f('{}'); }</p>"),
                        wrote("<p class=\\\"x\\\">if (a<b && c>d) { f('{}'); }</p>"));
    }

    private static void hardValues(DialectCard card, XmlSpelling as) {
        String end = as.valueEnd();
        String callEnd = as.callEnd();
        String deep = "[".repeat(20_000) + "]".repeat(20_000);
        String words = "lorem ipsum ".repeat(1700);
        card.works(
                        Scenario.BIG_NUMBERS,
                        as.block("transfer", "account", "123456789012345678901234567890", "amount", "1.5e400"),
                        call("transfer", "{\"account\":123456789012345678901234567890,\"amount\":1.5e400}"))
                .works(
                        Scenario.MARKERS_IN_ARGUMENTS,
                        written(as, end + " ends a value, " + callEnd.strip() + " a call" + end + "."),
                        wrote(jsonText(end + " ends a value, " + callEnd.strip() + " a call" + end + ".")))
                .knownBroken(
                        Scenario.MARKERS_IN_ARGUMENTS,
                        as.blockBegin() + as.open("write_file") + as.cutOff("content", "x" + end + callEnd),
                        "an end of a value with the end of a call behind it is what ends a call",
                        call("write_file", "{\"content\":\"x\"}"))
                .works(
                        Scenario.KEYS_OF_A_CALL_IN_ARGUMENTS,
                        as.block("write_file", "name", "now", "arguments", "{}"),
                        call("write_file", "{\"name\":\"now\",\"arguments\":\"{}\"}"))
                .works(
                        Scenario.DUPLICATE_KEYS,
                        as.block("get_weather", "city", "Paris", "city", "Rome"),
                        call("get_weather", "{\"city\":\"Paris\",\"city\":\"Rome\"}"))
                .works(
                        Scenario.DEEP_ARGUMENTS,
                        as.block("plan_trip", "route", deep),
                        call("plan_trip", "{\"route\":" + deep + "}"))
                .works(Scenario.LONG_ARGUMENTS, written(as, words), wrote(words));
    }

    private static void textsAroundCalls(DialectCard card, XmlSpelling as) {
        String paris = as.block("get_weather", "city", "Paris");
        String tokyo = as.block("get_weather", "city", "Tokyo");
        card.works(Scenario.TEXT_BEFORE, "I look.\n\n" + paris, text("I look.\n\n"), PARIS)
                .works(Scenario.TEXT_BETWEEN, paris + "\nAnd\n" + tokyo, PARIS, text("\nAnd\n"), TOKYO)
                .works(Scenario.TEXT_AFTER, paris + "\nThere.\n", PARIS, text("\nThere.\n"))
                .works(
                        Scenario.WHITESPACE_VARIANTS,
                        "\n\n" + as.spaced("\r\n\t ").block("get_weather", "city", "Paris") + "\n",
                        PARIS)
                .works(Scenario.WHITESPACE_VARIANTS, as.spaced("").block("get_weather", "city", "Paris"), PARIS);
    }

    private static void faults(DialectCard card, XmlSpelling as) {
        String open = as.blockBegin() + as.open("get_weather", "city", "Paris");
        String begun = as.blockBegin() + as.open("get_weather");
        String broken = begun + as.argument("ci<ty", "Paris") + as.callEnd() + as.blockEnd();
        String rest = broken.substring(begun.length());
        card.works(Scenario.MISSING_END_MARKER, open, brokenCall("get_weather", "{\"city\":\"Paris\""))
                .works(
                        Scenario.MALFORMED_ARGUMENTS,
                        as.block("get_weather", "days", "soon"),
                        call("get_weather", "{\"days\":\"soon\"}"))
                .works(Scenario.MALFORMED_ARGUMENTS, broken, brokenCall("get_weather", ""), text(rest))
                .works(
                        Scenario.MALFORMED_CALL_THEN_CALL,
                        broken + "\n" + as.block("now"),
                        brokenCall("get_weather", ""),
                        text(rest + "\n"),
                        NOW)
                .works(
                        Scenario.CUT_OFF_IN_NAME,
                        as.blockBegin() + as.call().substring(0, as.call().indexOf("%s")) + "get_w",
                        text(as.blockBegin() + as.call().substring(0, as.call().indexOf("%s")) + "get_w"))
                .works(
                        Scenario.CUT_OFF_IN_ARGUMENTS,
                        as.blockBegin() + as.open("get_weather") + as.cutOff("city", "Par"),
                        brokenCall("get_weather", "{\"city\":\"Par"))
                .works(
                        Scenario.CUT_OFF_IN_ARGUMENTS,
                        open + as.cutOff("days", "1"),
                        brokenCall("get_weather", "{\"city\":\"Paris\",\"days\":1"))
                .works(
                        Scenario.CUT_OFF_BETWEEN_CALLS,
                        open + as.callEnd() + (as.manyCalls() ? "" : as.blockEnd() + "\n"),
                        PARIS);
    }

    private static String written(XmlSpelling as, String content) {
        return as.block("write_file", "path", "a.txt", "content", content);
    }

    private static Piece wrote(String content) {
        return call("write_file", "{\"path\":\"a.txt\",\"content\":\"" + content + "\"}");
    }

    private static String jsonText(String text) {
        return text.replace("\"", "\\\"").replace("\n", "\\n");
    }
}
