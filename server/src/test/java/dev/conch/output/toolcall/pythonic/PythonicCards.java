package dev.conch.output.toolcall.pythonic;

import static dev.conch.output.toolcall.Piece.brokenCall;
import static dev.conch.output.toolcall.Piece.call;
import static dev.conch.output.toolcall.Piece.text;

import dev.conch.output.toolcall.DialectCard;
import dev.conch.output.toolcall.Piece;
import dev.conch.output.toolcall.Scenario;
import java.util.List;

/** How the dialects that write calls as Python does answer the scenarios. */
public final class PythonicCards {
    private static final Piece PARIS = call("get_weather", "{\"city\":\"Paris\"}");
    private static final Piece TOKYO = call("get_weather", "{\"city\":\"Tokyo\"}");
    private static final Piece NOW = call("now", "{}");

    public static final List<DialectCard> ALL = List.of(
            inBrackets("pythonic", "", ""),
            inBrackets("llama4_pythonic", "<|python_start|>", "<|python_end|>"),
            inBrackets("lfm2", "<|tool_call_start|>", "<|tool_call_end|>"),
            card("olmo3", "<function_calls>\n", "\n</function_calls>", "\n")
                    .works(Scenario.WHITESPACE_VARIANTS, "<function_calls>now()</function_calls>", NOW)
                    .works(Scenario.MISSING_END_MARKER, "<function_calls>\nget_weather(city=\"Paris\")\n", PARIS)
                    .works(
                            Scenario.MARKER_WITHOUT_CALL,
                            "<function_calls>\n</function_calls>",
                            text("<function_calls>\n</function_calls>")));

    private PythonicCards() {}

    private static DialectCard inBrackets(String dialect, String before, String behind) {
        return card(dialect, before + "[", "]" + behind, ", ")
                .works(
                        Scenario.SINGLE_CALL,
                        "[get_weather(city='Paris', days=3)]",
                        call("get_weather", "{\"city\":\"Paris\",\"days\":3}"))
                .works(Scenario.WHITESPACE_VARIANTS, "\n [ now ( ) , now( )\n]", NOW, NOW)
                .works(
                        Scenario.ONLY_TEXT,
                        "See [the page](https://example.org).",
                        text("See [the page](https://example.org)."))
                .works(Scenario.JSON_IN_TEXT, "[{\"a\": [1]}, 2]\n[\n[1], []]", text("[{\"a\": [1]}, 2]\n[\n[1], []]"))
                .works(Scenario.JSON_IN_TEXT, "A list [now()] is one", text("A list [now()] is one"))
                .works(
                        Scenario.MARKER_LOOK_ALIKES,
                        "[now](x=1), [f(1)] and [f (a b=1)",
                        text("[now](x=1), [f(1)] and [f (a b=1)"))
                .works(Scenario.MISSING_END_MARKER, "[get_weather(city=\"Paris\")", PARIS)
                .works(Scenario.MARKER_WITHOUT_CALL, before + "[", text(before + "["));
    }

    private static DialectCard card(String dialect, String begin, String end, String separator) {
        DialectCard card = DialectCard.of(dialect);
        texts(card, begin, end);
        calls(card, begin, end, separator);
        values(card, begin, end);
        faults(card, begin, end);
        return card;
    }

    private static void texts(DialectCard card, String begin, String end) {
        String paris = begin + "get_weather(city=\"Paris\")" + end;
        String tokyo = begin + "get_weather(city=\"Tokyo\")" + end;
        card.works(Scenario.EMPTY_TEXT, "")
                .works(Scenario.ONLY_TEXT, "It is sunny.\n\nIs it?\n", text("It is sunny.\n\nIs it?\n"))
                .works(Scenario.JSON_IN_TEXT, "{\"name\": \"now\"}", text("{\"name\": \"now\"}"))
                .works(
                        Scenario.MARKER_LOOK_ALIKES,
                        "a < b <function_call> <|python_star <|tool_call [",
                        text("a < b <function_call> <|python_star <|tool_call ["))
                .works(Scenario.MARKER_WITHOUT_CALL, begin + "is it", text(begin + "is it"))
                .works(Scenario.MARKER_WITHOUT_CALL, begin + "say hello(", text(begin + "say hello("))
                .works(Scenario.END_MARKER_ALONE, "So " + end + " it is", text("So " + end + " it is"))
                .works(Scenario.MISSING_NAME, begin + "(city=\"Paris\")" + end, text(begin + "(city=\"Paris\")" + end))
                .works(Scenario.TEXT_BEFORE, "I look.\n\n" + paris, text("I look.\n\n"), PARIS)
                .works(Scenario.TEXT_BETWEEN, paris + "\nAnd\n" + tokyo, PARIS, text("\nAnd\n"), TOKYO)
                .works(Scenario.TEXT_AFTER, paris + "\nThere.\n", PARIS, text("\nThere.\n"));
    }

    private static void calls(DialectCard card, String begin, String end, String separator) {
        String paris = "get_weather(city=\"Paris\")";
        String tokyo = "get_weather(city=\"Tokyo\")";
        card.works(
                        Scenario.SINGLE_CALL,
                        begin + "get_weather(city=\"Paris\", days=3)" + end,
                        call("get_weather", "{\"city\":\"Paris\",\"days\":3}"))
                .works(Scenario.PARALLEL_CALLS, begin + paris + separator + tokyo + end, PARIS, TOKYO)
                .works(
                        Scenario.PARALLEL_CALLS_WITHOUT_SEPARATOR,
                        begin + paris + separator.strip() + tokyo + end,
                        PARIS,
                        TOKYO)
                .works(Scenario.NO_ARGUMENTS, begin + "now()" + end, NOW)
                .notApplicable(Scenario.LEFT_OUT_ARGUMENTS, "a name without parentheses is no call")
                .works(
                        Scenario.UNKNOWN_FUNCTION,
                        begin + "fly_to_moon(speed=3)" + end,
                        call("fly_to_moon", "{\"speed\":3}"))
                .works(
                        Scenario.NAME_WITH_PUNCTUATION,
                        begin + "weather.get-now_v2(city=\"Paris\")" + end,
                        call("weather.get-now_v2", "{\"city\":\"Paris\"}"))
                .works(
                        Scenario.WHITESPACE_VARIANTS,
                        "\n\n" + begin + "\n get_weather( city = \"Paris\" , )\n " + end + "\n",
                        PARIS)
                .notApplicable(Scenario.CALL_ID, "calls have no ids")
                .notApplicable(Scenario.ARGUMENTS_BEFORE_NAME, "the name is what a call begins with")
                .notApplicable(Scenario.ARGUMENTS_IN_A_STRING, "arguments are written one by one")
                .works(
                        Scenario.ARGUMENTS_ARE_NO_OBJECT,
                        begin + "now(\"Paris\")" + end,
                        text(begin + "now(\"Paris\")" + end));
    }

    private static void values(DialectCard card, String begin, String end) {
        String deep = "[".repeat(500) + "]".repeat(500);
        String deeper = "[".repeat(20_000);
        String words = "lorem ipsum ".repeat(1700);
        card.works(
                        Scenario.NESTED_ARGUMENTS,
                        begin
                                + "plan_trip(route=[{'city': \"Zürich\"}, {\"city\": 'Rome',},], options={'a': (1, None), 'b': {}}, budget=+1_2.50, pets=True, note=None)"
                                + end,
                        call(
                                "plan_trip",
                                "{\"route\":[{\"city\":\"Zürich\"},{\"city\":\"Rome\"}],\"options\":{\"a\":[1,null],\"b\":{}},\"budget\":12.50,\"pets\":true,\"note\":null}"))
                .works(
                        Scenario.NESTED_ARGUMENTS,
                        begin + "plan_trip(route=[], budget=.5, pets=false, options=[1., -2e5, true, null])" + end,
                        call(
                                "plan_trip",
                                "{\"route\":[],\"budget\":0.5,\"pets\":false,\"options\":[1.0,-2e5,true,null]}"))
                .works(
                        Scenario.UNICODE_ARGUMENTS,
                        written(begin, "\"Grüße, 你好, שלום 👩‍🚀\"", end),
                        wrote("Grüße, 你好, שלום 👩‍🚀"))
                .works(
                        Scenario.ESCAPES_IN_ARGUMENTS,
                        written(
                                begin,
                                "'\\'\"\\\"\\\\\\n\\t\\x41\\u00e9\\U0001F600\\ud83d\\ude00\\101\\0\\q\\/\\\n.'",
                                end),
                        wrote("'\\\"\\\"\\\\\\n\\tAé😀😀A\\u0000\\\\q/."))
                .works(
                        Scenario.CODE_IN_ARGUMENTS,
                        written(begin, "'<p class=\"x\">if (a<b) { f([1]); }</p>\n'", end),
                        wrote("<p class=\\\"x\\\">if (a<b) { f([1]); }</p>\\n"))
                .works(
                        Scenario.BIG_NUMBERS,
                        begin + "transfer(account=123456789012345678901234567890, amount=1.5e400)" + end,
                        call("transfer", "{\"account\":123456789012345678901234567890,\"amount\":1.5e400}"))
                .works(
                        Scenario.MARKERS_IN_ARGUMENTS,
                        written(begin, "\")" + end.strip() + begin.strip() + "now()\"", end),
                        wrote(")" + end.strip() + begin.strip() + "now()"))
                .works(
                        Scenario.KEYS_OF_A_CALL_IN_ARGUMENTS,
                        begin + "write_file(name='now()', arguments='{}')" + end,
                        call("write_file", "{\"name\":\"now()\",\"arguments\":\"{}\"}"))
                .works(
                        Scenario.DUPLICATE_KEYS,
                        begin + "get_weather(city='Paris', city='Rome')" + end,
                        call("get_weather", "{\"city\":\"Paris\",\"city\":\"Rome\"}"))
                .works(
                        Scenario.DEEP_ARGUMENTS,
                        begin + "plan_trip(route=" + deep + ")" + end,
                        call("plan_trip", "{\"route\":" + deep + "}"))
                .works(
                        Scenario.DEEP_ARGUMENTS,
                        begin + "plan_trip(route=" + deeper,
                        brokenCall("plan_trip", "{\"route\":" + "[".repeat(512)),
                        text("[".repeat(20_000 - 512)))
                .works(Scenario.LONG_ARGUMENTS, written(begin, "'" + words + "'", end), wrote(words));
    }

    private static void faults(DialectCard card, String begin, String end) {
        String broken = begin + "get_weather(city=\"Paris\", days=soon)" + end;
        Piece brokenCall = brokenCall("get_weather", "{\"city\":\"Paris\",\"days\":soon");
        card.works(Scenario.MALFORMED_ARGUMENTS, broken, brokenCall, text(")" + end))
                .works(
                        Scenario.MALFORMED_ARGUMENTS,
                        begin + "get_weather(city=Paris)" + end,
                        brokenCall("get_weather", "{\"city\":Paris"),
                        text(")" + end))
                .works(
                        Scenario.MALFORMED_CALL_THEN_CALL,
                        broken + "\n" + begin + "now()" + end,
                        brokenCall,
                        text(")" + end + "\n"),
                        NOW)
                .works(Scenario.CUT_OFF_IN_NAME, begin + "get_w", text(begin + "get_w"))
                .works(
                        Scenario.CUT_OFF_IN_ARGUMENTS,
                        begin + "get_weather(city='Par",
                        brokenCall("get_weather", "{\"city\":\"Par"))
                .works(
                        Scenario.CUT_OFF_IN_ARGUMENTS,
                        begin + "get_weather(city='Paris', days=1",
                        brokenCall("get_weather", "{\"city\":\"Paris\",\"days\":1"))
                .works(Scenario.CUT_OFF_BETWEEN_CALLS, begin + "now()", NOW);
    }

    private static String written(String begin, String content, String end) {
        return begin + "write_file(path='a.txt', content=" + content + ")" + end;
    }

    private static Piece wrote(String content) {
        return call("write_file", "{\"path\":\"a.txt\",\"content\":\"" + content + "\"}");
    }
}
