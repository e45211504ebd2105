package dev.conch.output.toolcall;

/**
 * What every dialect has to answer, each with a text as its models would write it. Where the name of the function or the arguments are
 * given here, the text is a call of that function with these; otherwise they are the dialect's choice among {@link Offered}.
 */
public enum Scenario {
    EMPTY_TEXT("nothing at all"),
    ONLY_TEXT("an answer without a call"),
    JSON_IN_TEXT("an answer that shows JSON, or code, which is no call"),
    SINGLE_CALL("get_weather {\"city\": \"Paris\", \"days\": 3}"),
    PARALLEL_CALLS("get_weather for Paris, then for Tokyo, as the family writes them"),
    PARALLEL_CALLS_WITHOUT_SEPARATOR("the same with nothing in between"),
    NO_ARGUMENTS("now {}"),
    LEFT_OUT_ARGUMENTS("now, and no arguments at all where they should be"),
    NESTED_ARGUMENTS("plan_trip with objects in an array, an object, a number, a boolean, a null"),
    UNICODE_ARGUMENTS("write_file with text of several scripts and an emoji"),
    ESCAPES_IN_ARGUMENTS(
            "write_file with quotes, backslashes, line breaks, and characters by their number where JSON has them"),
    CODE_IN_ARGUMENTS("write_file with lines of code or HTML: angle brackets, braces, quotes of both kinds"),
    BIG_NUMBERS("transfer with an integer beyond 64 bits and a number beyond a double"),
    MARKERS_IN_ARGUMENTS("write_file with the dialect's own markers inside of a string"),
    KEYS_OF_A_CALL_IN_ARGUMENTS(
            "write_file with a text that looks like a call, or argument keys such as name and arguments"),
    DUPLICATE_KEYS("an argument twice"),
    UNKNOWN_FUNCTION("fly_to_moon, which nobody offered"),
    NAME_WITH_PUNCTUATION("weather.get-now_v2 {\"city\": \"Paris\"}"),
    CALL_ID("a call with an id that the model wrote"),
    ARGUMENTS_BEFORE_NAME("a call whose arguments come first"),
    ARGUMENTS_IN_A_STRING("a call whose arguments are a string that holds JSON"),
    TEXT_BEFORE("text, then a call"),
    TEXT_BETWEEN("a call, text, a call"),
    TEXT_AFTER("a call, then text"),
    WHITESPACE_VARIANTS("the blanks and line breaks that models of the family really put around calls"),
    MARKER_LOOK_ALIKES("text with beginnings of markers, and text that looks like one"),
    MARKER_WITHOUT_CALL("the marker, and then no call"),
    END_MARKER_ALONE("the marker of an end where nothing has begun"),
    MISSING_END_MARKER("a complete call without the marker behind it"),
    MISSING_NAME("what would be a call if it had a name"),
    MALFORMED_ARGUMENTS("a call whose arguments are not of the dialect"),
    MALFORMED_CALL_THEN_CALL("the same, and a good call behind it"),
    ARGUMENTS_ARE_NO_OBJECT("an array, a number, a text or null where an object should be"),
    CUT_OFF_IN_NAME("an answer that ends inside of the function's name"),
    CUT_OFF_IN_ARGUMENTS("an answer that ends inside of the arguments"),
    CUT_OFF_BETWEEN_CALLS("an answer that ends behind the first of two calls"),
    DEEP_ARGUMENTS("arguments nested far deeper than a stack is"),
    LONG_ARGUMENTS("write_file with 20,000 characters: they come out while they are written");

    private final String question;

    Scenario(String question) {
        this.question = question;
    }

    @Override
    public String toString() {
        return name() + ": " + question;
    }
}
