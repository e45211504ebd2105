package dev.conch.output;

import dev.conch.generation.TokenText.Characters;
import dev.conch.tokenizer.DecodeStream;
import dev.conch.tokenizer.Tokenizer;
import java.util.Set;

/** Shows some of the control tokens, because they mark what the text is made of, and leaves the others out. */
final class MarkerDecodeStream implements DecodeStream {
    private final Tokenizer tokenizer;
    private final Set<Integer> shown;
    private final DecodeStream inner;

    MarkerDecodeStream(Tokenizer tokenizer, Set<Integer> shown) {
        this.tokenizer = tokenizer;
        this.shown = shown;
        this.inner = tokenizer.decodeStream(false);
    }

    @Override
    public String append(int tokenId) {
        String decoded = inner.append(tokenId);
        // What was held back before a control token comes out with it.
        return !shown.contains(tokenId)
                        && tokenizer.tokenText(tokenId, false, true)
                                instanceof Characters(String control, boolean hidden)
                        && hidden
                        && decoded.endsWith(control)
                ? decoded.substring(0, decoded.length() - control.length())
                : decoded;
    }

    @Override
    public String finish() {
        return inner.finish();
    }
}
