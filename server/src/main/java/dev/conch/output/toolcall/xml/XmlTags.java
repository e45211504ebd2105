package dev.conch.output.toolcall.xml;

import dev.conch.output.toolcall.scan.Marks;

/** The tags of a layout, made ready to look for. Immutable, thread-safe. */
final class XmlTags {
    final String callBegin;
    final String nameEnd;
    final String argumentBegin;
    final String valueBegin;
    final String callEnd;
    final boolean valueOnOwnLines;

    /** Behind the name of an argument that says that it is a string, or is not; empty if none does. */
    final String stringKeyEnd;

    final String jsonKeyEnd;

    final Marks outside;
    final Marks inBlock;
    final Marks behindName;
    final Marks inCall;
    final Marks keyEnds;
    final Marks valueBegins;
    final Marks valueEnds;

    XmlTags(XmlLayout layout) {
        String blockBegin = layout.blockBegin().strip();
        String blockEnd = layout.blockEnd().strip();
        String valueEnd = layout.valueEnd().strip();
        callBegin = layout.callBegin().strip();
        nameEnd = layout.nameEnd().strip();
        argumentBegin = layout.argumentBegin().strip();
        valueBegin = layout.valueBegin().strip();
        callEnd = layout.callEnd().strip();
        valueOnOwnLines = layout.valueOnOwnLines();
        stringKeyEnd = layout.saysString() ? layout.keyEnd(true) : "";
        jsonKeyEnd = layout.saysString() ? layout.keyEnd(false) : "";

        outside = Marks.of(blockBegin, blockBegin.isEmpty() || layout.bareCalls() ? callBegin : "");
        inBlock = Marks.of(callBegin, blockEnd);
        behindName = Marks.of(nameEnd, argumentBegin, callEnd);
        inCall = Marks.of(argumentBegin, callEnd, blockEnd);
        keyEnds = Marks.of(stringKeyEnd, jsonKeyEnd, layout.plainKeyEnd());
        valueBegins = Marks.of(valueBegin.isEmpty() ? valueEnd : valueBegin);
        valueEnds = Marks.of(valueOnOwnLines ? "\n" + valueEnd : "", valueEnd);
    }
}
