package dev.conch.output.toolcall.section;

/**
 * How calls are written.
 *
 * @param sectionBegin before the first call
 * @param otherSectionBegin what models of the family write instead, at times; may be empty
 * @param callBegin before a call
 * @param beforeName between that and the header; may be empty
 * @param header what the header says of the call
 * @param argumentsBegin between the header and the arguments
 * @param fence around the arguments' end, may be missing; may be empty
 * @param callEnd behind a call
 * @param separator between calls
 * @param sectionEnd behind the last call
 * @param otherSectionEnd what models of the family write instead, at times; may be empty
 */
record SectionLayout(
        String sectionBegin,
        String otherSectionBegin,
        String callBegin,
        String beforeName,
        Header header,
        String argumentsBegin,
        String fence,
        String callEnd,
        String separator,
        String sectionEnd,
        String otherSectionEnd) {

    /** What stands in a call before its arguments. */
    enum Header {
        /** The function's name. */
        NAME,
        /** {@code functions.}, the name, a colon, and a number; all of it is the call's id. */
        NUMBERED_ID;

        private static final String PREFIX = "functions.";

        /** The function's name. */
        String name(String header) {
            if (this == NAME) {
                return header;
            }
            String name = header.startsWith(PREFIX) ? header.substring(PREFIX.length()) : header;
            return name.replaceFirst(":[0-9]*$", "");
        }

        /** Text that a model writes before a name. */
        String before() {
            return this == NAME ? "" : PREFIX;
        }
    }
}
