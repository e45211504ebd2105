package dev.conch.output.toolcall;

import dev.conch.output.parser.AnswerSink;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Joins what a parser says, and holds it to the contract of {@link AnswerSink}. */
public final class PieceRecorder implements AnswerSink {
    private final List<Piece> pieces = new ArrayList<>();
    private final StringBuilder joined = new StringBuilder();
    private @Nullable String name;
    private @Nullable String id;
    private boolean thinking;
    private int argumentCharacters;

    @Override
    public void text(String text) {
        say(text, false);
    }

    @Override
    public void reasoning(String text) {
        say(text, true);
    }

    private void say(String text, boolean thought) {
        require(!text.isEmpty(), "empty text");
        require(name == null, "text inside a call");
        if (thought != thinking) {
            closeText();
            thinking = thought;
        }
        joined.append(text);
    }

    @Override
    public void callStarted(String name, @Nullable String id) {
        require(this.name == null, "a call inside a call");
        require(!name.isEmpty(), "a call without a name");
        closeText();
        this.name = name;
        this.id = id;
    }

    @Override
    public void callArguments(String fragment) {
        require(name != null, "arguments outside of a call");
        require(!fragment.isEmpty(), "an empty fragment");
        joined.append(fragment);
        argumentCharacters += fragment.length();
    }

    @Override
    public void callEnded(boolean wellFormed) {
        String open = name;
        if (open == null) {
            throw new AssertionError("a parser may not say this: the end of no call");
        }
        String arguments = takeJoined();
        require(!wellFormed || JsonText.isObject(arguments), "well formed, but no JSON object: " + arguments);
        pieces.add(new Piece.Call(open, id, arguments, wellFormed));
        name = null;
    }

    /** All there is, once the parser is finished. */
    public List<Piece> finished() {
        require(name == null, "a call without an end");
        closeText();
        return List.copyOf(pieces);
    }

    /** How much of the arguments of all calls is out. */
    int argumentCharacters() {
        return argumentCharacters;
    }

    private void closeText() {
        if (!joined.isEmpty()) {
            String text = takeJoined();
            pieces.add(thinking ? new Piece.Reasoning(text) : new Piece.Text(text));
        }
    }

    private String takeJoined() {
        String all = joined.toString();
        joined.setLength(0);
        return all;
    }

    private static void require(boolean condition, String fault) {
        if (!condition) {
            throw new AssertionError("a parser may not say this: " + fault);
        }
    }
}
