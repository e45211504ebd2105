package dev.conch.output.toolcall.json;

import java.util.function.BinaryOperator;

/**
 * How a family writes calls, for its card.
 *
 * @param list whether what is before and behind stands around all calls; otherwise, around each
 * @param begin the mark in {@code before}; empty: there is none
 * @param end the mark in {@code behind}; empty: there is none
 * @param call a call of a name and arguments
 */
record Writing(
        String before,
        String between,
        String behind,
        boolean list,
        String begin,
        String end,
        String nameKey,
        String argumentsKey,
        BinaryOperator<String> call) {

    static Writing each(String before, String behind, String between) {
        return of(before, between, behind, false);
    }

    static Writing list(String before, String between, String behind) {
        return of(before, between, behind, true);
    }

    private static Writing of(String before, String between, String behind, boolean list) {
        return new Writing(before, between, behind, list, "", "", "", "", (name, arguments) -> "")
                .keys("name", "arguments");
    }

    Writing marks(String beginMark, String endMark) {
        return new Writing(before, between, behind, list, beginMark, endMark, nameKey, argumentsKey, call);
    }

    Writing keys(String name, String arguments) {
        return new Writing(
                before,
                between,
                behind,
                list,
                begin,
                end,
                name,
                arguments,
                (f, a) -> "{\"" + name + "\": \"" + f + "\", \"" + arguments + "\": " + a + "}");
    }

    Writing calls(BinaryOperator<String> as) {
        return new Writing(before, between, behind, list, begin, end, nameKey, argumentsKey, as);
    }

    String call(String name, String arguments) {
        return call.apply(name, arguments);
    }

    String one(String name, String arguments) {
        return around(call(name, arguments));
    }

    String around(String calls) {
        return before + calls + behind;
    }

    String two(String first, String second) {
        return two(first, second, between);
    }

    String two(String first, String second, String separator) {
        return list ? around(first + separator + second) : around(first) + separator + around(second);
    }

    /** What a broken call has for arguments: all from where they begin to the mark behind the call, or to the end. */
    String broken(String text, String arguments) {
        String rest = text.substring(text.indexOf(arguments));
        int mark = end.isEmpty() ? -1 : rest.indexOf(end, arguments.length());
        return mark < 0 ? rest : rest.substring(0, mark);
    }
}
