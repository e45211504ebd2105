package dev.conch.output.toolcall.xml;

/**
 * How calls are written: with the blanks that belong there. Readers want the tags only, and take any few blanks between them; but where
 * lines of their own belong to a value, a line break on either side of it is not the value's.
 *
 * @param blockBegin what stands before calls; may be empty
 * @param callBegin what stands before the name of a function
 * @param nameEnd what stands behind the name; empty if blanks do, or the first argument
 * @param argumentBegin what stands before the name of an argument
 * @param keyEnd what stands behind the name of an argument; may hold {@link #STRING}
 * @param valueBegin what stands between that and the value; may be empty
 * @param valueEnd what stands behind the value
 * @param callEnd what stands behind the last argument
 * @param blockEnd what stands behind calls; may be empty
 * @param bareCalls whether models are known to forget what stands before calls
 * @param manyCalls whether one block holds all calls
 */
record XmlLayout(
        String blockBegin,
        String callBegin,
        String nameEnd,
        String argumentBegin,
        String keyEnd,
        String valueBegin,
        String valueEnd,
        String callEnd,
        String blockEnd,
        boolean bareCalls,
        boolean manyCalls) {
    /** Says whether the value is a string, or else JSON: true or false stands for the question mark. */
    static final String STRING = " string=\"?\"";

    /**
     * A layout by its parts.
     *
     * @param call with {@code {name}} in it
     * @param argument with {@code {key}} and {@code {value}} in it
     */
    static XmlLayout of(String blockBegin, String call, String argument, String callEnd, String blockEnd) {
        int name = call.indexOf("{name}");
        int key = argument.indexOf("{key}");
        int value = argument.indexOf("{value}");
        int keyEnd = argument.indexOf('>', key) + 1;
        return new XmlLayout(
                blockBegin,
                call.substring(0, name),
                call.substring(name + "{name}".length()),
                argument.substring(0, key),
                argument.substring(key + "{key}".length(), keyEnd),
                argument.substring(keyEnd, value),
                argument.substring(value + "{value}".length()),
                callEnd,
                blockEnd,
                false,
                false);
    }

    XmlLayout withBareCalls() {
        return new XmlLayout(
                blockBegin,
                callBegin,
                nameEnd,
                argumentBegin,
                keyEnd,
                valueBegin,
                valueEnd,
                callEnd,
                blockEnd,
                true,
                manyCalls);
    }

    XmlLayout withManyCalls() {
        return new XmlLayout(
                blockBegin,
                callBegin,
                nameEnd,
                argumentBegin,
                keyEnd,
                valueBegin,
                valueEnd,
                callEnd,
                blockEnd,
                bareCalls,
                true);
    }

    /** What stands behind the name of an argument that is, or is not, a string. */
    String keyEnd(boolean string) {
        return keyEnd.replace(STRING, STRING.replace("?", String.valueOf(string)));
    }

    /** What stands behind the name of an argument of which it is not said whether it is a string. */
    String plainKeyEnd() {
        return keyEnd.replace(STRING, "").strip();
    }

    /** Whether an argument itself says if it is a string. */
    boolean saysString() {
        return keyEnd.contains(STRING);
    }

    /** Whether values stand on lines of their own. */
    boolean valueOnOwnLines() {
        return valueEnd.startsWith("\n");
    }
}
