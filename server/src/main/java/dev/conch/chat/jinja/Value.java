package dev.conch.chat.jinja;

import java.math.BigInteger;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value as Python has it. What a type does not do, it refuses in Python's words. {@code equals} and {@code hashCode} are Python's
 * {@code ==} and {@code hash()}: {@code 1}, {@code 1.0} and {@code True} are one key.
 */
sealed interface Value
        permits Text,
                Numeric,
                None,
                Undefined,
                Sequence,
                Range,
                Dict,
                DictView,
                Namespace,
                Generator,
                Function,
                Loop,
                Cycler {

    /** Python's name of the type, for error messages. */
    String type();

    /** {@code bool(value)}. */
    boolean truthy();

    /** {@code str(value)}. */
    void print(TextBuilder out);

    /** {@code repr(value)}. */
    default void represent(TextBuilder out) {
        print(out);
    }

    /** {@code len(value)}. */
    default int length() {
        throw TemplateException.type("object of type '" + type() + "' has no len()");
    }

    /** {@code iter(value)}. */
    default Iterator<Value> iterate() {
        throw TemplateException.type("'" + type() + "' object is not iterable");
    }

    /** {@code needle in value}. */
    default boolean contains(Value needle, Budget budget) {
        for (Iterator<Value> elements = iterate(); elements.hasNext(); ) {
            if (Weight.equal(elements.next(), needle, budget)) {
                return true;
            }
        }
        return false;
    }

    /** What Python's {@code getattr} finds; null if there is no such attribute. */
    default @Nullable Value attribute(String name) {
        return null;
    }

    /** What Python's {@code value[key]} finds; null if it finds nothing, for whatever reason. */
    default @Nullable Value item(Value key) {
        return null;
    }

    /** How deeply values are nested in this one; 0 for one that holds none. */
    default int depth() {
        return 0;
    }

    /** How many steps it takes to compare or hash this; see {@link Weight}. */
    default long weight() {
        return 1;
    }

    /** {@code value[start:stop:step]}, each bound null if left out. */
    default Value slice(@Nullable Int start, @Nullable Int stop, @Nullable Int step) {
        throw TemplateException.type("'" + type() + "' object is not subscriptable");
    }

    /** {@code value.name} as templates see it: an attribute, or else an item. */
    default Value member(Text name) {
        Value attribute = attribute(name.string());
        if (attribute == null) {
            attribute = item(name);
        }
        return attribute == null ? Undefined.member(this, name.string()) : attribute;
    }

    /** {@code value[key]} as templates see it: an item, or else an attribute. */
    default Value element(Value key) {
        Value item = item(key);
        if (item == null && key instanceof Text name) {
            item = attribute(name.string());
        }
        return item == null ? Undefined.element(this, key) : item;
    }

    /** {@code str(value)} on its own. */
    default Text text(Budget budget) {
        TextBuilder out = new TextBuilder(budget);
        print(out);
        return out.toText();
    }

    /** {@code repr(value)} on its own. */
    default Text representation(Budget budget) {
        TextBuilder out = new TextBuilder(budget);
        represent(out);
        return out.toText();
    }

    /**
     * The value of a plain Java object: null, String, {@link ClientText}, Boolean, Integer, Long, BigInteger, Double, List, Map with
     * string keys.
     *
     * @throws IllegalArgumentException if it is none of those
     */
    static Value of(@Nullable Object plain) {
        return switch (plain) {
            case null -> None.NONE;
            case Value value -> value;
            case String string -> Text.of(string);
            case ClientText client -> Text.client(client.text());
            case Boolean bool -> Bool.of(bool);
            case Integer integer -> Int.of(integer.longValue());
            case Long integer -> Int.of(integer);
            case BigInteger integer -> Int.of(integer);
            case Double real -> new Real(real);
            case List<?> list -> Sequence.ofPlain(list);
            case Map<?, ?> map -> Dict.ofPlain(map);
            default ->
                throw new IllegalArgumentException(
                        "template value: " + plain.getClass().getName() + " (expected: a plain value)");
        };
    }
}
