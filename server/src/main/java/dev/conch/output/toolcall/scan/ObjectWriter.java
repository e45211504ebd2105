package dev.conch.output.toolcall.scan;

/** Writes the arguments of one call as a JSON object, where the model wrote them one by one. Not thread-safe. */
public final class ObjectWriter {
    private final AnswerWriter out;
    private boolean any;

    public ObjectWriter(AnswerWriter out) {
        this.out = out;
    }

    /** Begins an argument: its value is to be written next. */
    public void key(String name) {
        out.arguments((any ? "," : "{") + JsonStrings.quoted(name) + ":");
        any = true;
    }

    /** Ends the object. */
    public void end() {
        out.arguments(any ? "}" : "{}");
    }
}
