package dev.conch.tokenizer;

import dev.conch.generation.TextSpan;
import java.util.List;

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

    /** Number of ids, control tokens included. */
    int vocabularySize();
}
