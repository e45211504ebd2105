package dev.conch.generation;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What one token stands for: whole characters, or bytes that are characters only together with those of its neighbours. */
public sealed interface TokenText {

    /**
     * Whole characters, possibly none.
     *
     * @param hidden whether it is a control token that the text of the answer does not show
     */
    record Characters(String text, boolean hidden) implements TokenText {}

    /**
     * A part of a text in UTF-8 that begins or ends inside a character.
     *
     * @param bytes not to be changed
     */
    record Bytes(byte[] bytes) implements TokenText {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return "Bytes" + Arrays.toString(bytes);
        }
    }
}
