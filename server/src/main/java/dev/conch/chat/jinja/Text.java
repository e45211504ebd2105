package dev.conch.chat.jinja;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A string that knows which parts of it a client wrote.
 *
 * <p>Provenance travels with the value: a part of a client's text is a client's, what is joined from two texts keeps the spans of both,
 * and what is computed from a text as a whole (its upper case, its JSON) is a client's all over if any of it was. The other way, marks put
 * into the text before rendering, would be seen by the template: {@code content.split('</think>')}, {@code length} and comparisons would
 * answer otherwise than in Python, and escaping filters would spell the marks out. Carrying spans costs an array now and then, changes no
 * answer, and asks nothing of the caller but to say whose a string is.
 *
 * <p>Offsets inside are UTF-16 units; what templates see counts code points, as Python does. Immutable. Equality is by characters alone.
 */
final class Text implements Value {
    static final Text EMPTY = new Text("", Spans.NONE, false);

    private final String string;
    private final Spans client;
    private final boolean markup;

    Text(String string, Spans client, boolean markup) {
        this.string = string;
        this.client = client;
        this.markup = markup;
    }

    /** Text of the template or the server. */
    static Text of(String string) {
        return new Text(string, Spans.NONE, false);
    }

    static Text client(String string) {
        return new Text(string, Spans.all(string.length()), false);
    }

    String string() {
        return string;
    }

    Spans client() {
        return client;
    }

    boolean isEmpty() {
        return string.isEmpty();
    }

    /** Whether this is Markup: what the filter {@code safe} makes, which escapes the plain text that is added to it. */
    boolean markup() {
        return markup;
    }

    Text asMarkup(boolean safe) {
        return markup == safe ? this : new Text(string, client, safe);
    }

    /** A part, in UTF-16 units. */
    Text sub(int start, int end) {
        if (start == 0 && end == string.length()) {
            return this;
        }
        return new Text(string.substring(start, end), client.sub(start, end), markup);
    }

    Text sub(int start) {
        return sub(start, string.length());
    }

    /** Another text that was computed from this one as a whole. */
    Text derive(String computed) {
        return new Text(computed, client.isEmpty() ? Spans.NONE : Spans.all(computed.length()), markup);
    }

    /** This and another text, without regard to Markup. */
    Text concat(Text other, Budget budget) {
        budget.build((long) string.length() + other.string.length());
        return new Text(string.concat(other.string), client.concat(string.length(), other.client), markup);
    }

    @Override
    public String type() {
        return markup ? "Markup" : "str";
    }

    @Override
    public boolean truthy() {
        return !string.isEmpty();
    }

    @Override
    public void print(TextBuilder out) {
        out.append(this);
    }

    @Override
    public Text text(Budget budget) {
        return this;
    }

    @Override
    public void represent(TextBuilder out) {
        if (markup) {
            out.append("Markup(");
        }
        out.append(derive(PythonRepr.of(string)));
        if (markup) {
            out.append(")");
        }
    }

    @Override
    public int length() {
        return string.codePointCount(0, string.length());
    }

    @Override
    public long weight() {
        return 1 + Weight.ofCharacters(string.length());
    }

    @Override
    public Iterator<Value> iterate() {
        return new Characters();
    }

    @Override
    public boolean contains(Value needle, Budget budget) {
        if (needle instanceof Text text) {
            return new TextSearch(string, text.string, budget).first(0) >= 0;
        }
        throw TemplateException.type("'in <string>' requires string as left operand, not " + needle.type());
    }

    @Override
    public @Nullable Value attribute(String name) {
        return TextMethods.find(this, name);
    }

    @Override
    public @Nullable Value item(Value key) {
        int index = Sequence.index(key, length());
        return index < 0 ? null : character(string.offsetByCodePoints(0, index));
    }

    @Override
    public Text slice(@Nullable Int start, @Nullable Int stop, @Nullable Int step) {
        return slice(Slice.of(start, stop, step, length()));
    }

    /** Some of the characters. */
    Text slice(Slice slice) {
        if (slice.step() == 1) {
            int from = string.offsetByCodePoints(0, slice.start());
            return sub(from, string.offsetByCodePoints(from, slice.count()));
        }
        return pick(slice);
    }

    private Text pick(Slice slice) {
        int[] offsets = offsets();
        StringBuilder picked = new StringBuilder();
        Spans spans = Spans.NONE;
        for (int i = 0; i < slice.count(); i++) {
            Text character = character(offsets[slice.index(i)]);
            spans = spans.concat(picked.length(), character.client);
            picked.append(character.string);
        }
        return new Text(picked.toString(), spans, markup);
    }

    private int[] offsets() {
        int[] offsets = new int[length()];
        int offset = 0;
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = offset;
            offset = string.offsetByCodePoints(offset, 1);
        }
        return offsets;
    }

    private Text character(int offset) {
        return sub(offset, string.offsetByCodePoints(offset, 1));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Text that && string.equals(that.string);
    }

    @Override
    public int hashCode() {
        return string.hashCode();
    }

    /** For debuggers. */
    @Override
    public String toString() {
        return string;
    }

    private final class Characters implements Iterator<Value> {
        private int offset;

        @Override
        public boolean hasNext() {
            return offset < string.length();
        }

        @Override
        public Value next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Text character = character(offset);
            offset += character.string.length();
            return character.asMarkup(false);
        }
    }
}
