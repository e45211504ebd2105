package dev.conch.tokenizer;

import dev.conch.generation.TextSpan;
import dev.conch.generation.TokenText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The vocabulary of one model. Thread-safe. */
public interface Tokenizer {

    /**
     * Encodes without adding anything (no BOS, no EOS): a chat template has written those itself.
     *
     * @param text any string; unpaired surrogates become U+FFFD
     * @param literal parts of the text, ascending and disjoint, that were written outside: what looks like a control token there (such as
     *     {@code <|im_end|>}) is encoded as the plain characters that it is. Elsewhere it becomes that token
     */
    int[] encode(String text, List<TextSpan> literal);

    /**
     * Starts decoding one sequence of generated tokens. The stream is for one thread.
     *
     * @param skipSpecialTokens whether control tokens are left out; if not, they are shown as they are written in prompts
     */
    DecodeStream decodeStream(boolean skipSpecialTokens);

    /**
     * What one token stands for by itself. Joined, the texts of a sequence's tokens are its text, unless the model's configuration has
     * blanks cleaned up in it.
     *
     * @param first whether no token before it had any text: blanks at the beginning of a text may go
     * @throws IndexOutOfBoundsException if the vocabulary has no such id
     */
    TokenText tokenText(int tokenId, boolean first, boolean skipSpecialTokens);

    /**
     * Puts the tokens around a text that its tokenizer puts there, such as one for the beginning.
     *
     * @param text ids of a whole text; may be returned as it is
     * @return null if this is a tokenizer of which nobody knows what it would add
     */
    int @Nullable [] withSpecialTokens(int[] text);

    /**
     * A token as the vocabulary spells it, such as {@code Ġthe}.
     *
     * @throws IndexOutOfBoundsException if the vocabulary has no such id
     */
    String spelling(int tokenId);

    /** Whether there is such a token. */
    boolean hasToken(int tokenId);

    /** Number of ids, control tokens included. */
    int vocabularySize();
}
