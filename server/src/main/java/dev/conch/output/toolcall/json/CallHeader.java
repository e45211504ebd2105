package dev.conch.output.toolcall.json;

import dev.conch.output.toolcall.scan.Marks;

/**
 * What stands before the arguments where they are all that is JSON of a call: name and id as plain words.
 *
 * @param idFirst whether the first word is the id; otherwise it is the name
 * @param idMark before an id that comes second
 * @param nameMark before a name that comes second
 * @param argumentsMark before the arguments; may be left out if there is no mark before the name
 */
record CallHeader(boolean idFirst, String idMark, String nameMark, String argumentsMark) {
    Marks marks() {
        return Marks.of(idMark, nameMark, argumentsMark);
    }
}
