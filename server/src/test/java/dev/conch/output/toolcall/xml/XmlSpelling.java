package dev.conch.output.toolcall.xml;

/**
 * How a family spells a call, for the texts of the scenarios.
 *
 * @param call what a call begins with: the name goes where %s is
 * @param argument the argument's name and value go where %s is
 * @param manyCalls whether one block holds all calls
 */
record XmlSpelling(
        String blockBegin, String call, String argument, String callEnd, String blockEnd, boolean manyCalls) {

    /** One call with its block; arguments are names and values by turns. */
    String block(String name, String... arguments) {
        return blockBegin + call(name, arguments) + blockEnd;
    }

    String call(String name, String... arguments) {
        return open(name, arguments) + callEnd;
    }

    String twoCalls(String first, String second, String separator) {
        return manyCalls
                ? blockBegin + first + second + blockEnd
                : blockBegin + first + blockEnd + separator + blockBegin + second + blockEnd;
    }

    /** A call as far as its last argument. */
    String open(String name, String... arguments) {
        StringBuilder open = new StringBuilder(call.formatted(name));
        for (int i = 0; i < arguments.length; i += 2) {
            open.append(argument(arguments[i], arguments[i + 1]));
        }
        return open.toString();
    }

    String argument(String name, String value) {
        return argument.replaceFirst("%s", name).replace("%s", value);
    }

    /** What stands behind a value. */
    String valueEnd() {
        return argument.substring(argument.lastIndexOf("%s") + 2).strip();
    }

    /** An argument as far as its value goes. */
    String cutOff(String name, String value) {
        String all = argument(name, value);
        return all.substring(0, all.lastIndexOf(value) + value.length());
    }

    /** The same without, or with more, blanks between the tags. */
    XmlSpelling spaced(String blanks) {
        return new XmlSpelling(
                spaced(blockBegin, blanks),
                spaced(call, blanks),
                argument.endsWith("\n") ? spaced(argument, blanks) : argument,
                spaced(callEnd, blanks),
                blockEnd,
                manyCalls);
    }

    private static String spaced(String part, String blanks) {
        return part.isEmpty() ? part : part.strip() + blanks;
    }
}
