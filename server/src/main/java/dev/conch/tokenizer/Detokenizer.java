package dev.conch.tokenizer;

import dev.conch.generation.TokenText;
import dev.conch.tokenizer.DecodeRules.Joint;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the streams that decode one vocabulary. Immutable. */
final class Detokenizer {
    private static final BitSet NOTHING = new BitSet();

    private final List<@Nullable String> spellings;
    private final TokenTable first;
    private final TokenTable rest;
    private final BitSet control = new BitSet();
    private final Joint joint;
    private final List<TokenRule.Strip> strips;
    private final boolean cleansUp;

    /**
     * Makes the tables.
     *
     * @param cleansUp whether blanks before punctuation go, as {@link CleanUp} says
     */
    Detokenizer(TokenizerFile file, boolean cleansUp) {
        DecodeRules rules = file.decoder();
        spellings = file.tokens();
        rest = new TokenTable(file.tokens(), rules, false);
        first = rules.positional() ? new TokenTable(file.tokens(), rules, true) : rest;
        file.splitTokens().stream().filter(AddedToken::special).forEach(token -> control.set(token.id()));
        joint = rules.joint();
        strips = rules.strips();
        this.cleansUp = cleansUp;
    }

    int vocabularySize() {
        return rest.size();
    }

    String spelling(int tokenId) {
        String spelling = hasToken(tokenId) ? spellings.get(tokenId) : null;
        if (spelling == null) {
            throw new IndexOutOfBoundsException("token id: " + tokenId + " (expected: one of the vocabulary's)");
        }
        return spelling;
    }

    boolean hasToken(int tokenId) {
        return rest.has(tokenId);
    }

    DecodeStream stream(boolean skipSpecialTokens) {
        DecodeStream stream = new TableDecodeStream(first, rest, skipSpecialTokens ? control : NOTHING, bytes());
        for (TokenRule.Strip strip : strips) {
            stream = new StripDecodeStream(stream, strip);
        }
        for (CleanUp.Replacement replacement : cleansUp ? CleanUp.OF_TEXT : List.<CleanUp.Replacement>of()) {
            stream = new ReplaceDecodeStream(stream, replacement);
        }
        return stream;
    }

    TokenText tokenText(int tokenId, boolean isFirst, boolean skipSpecialTokens) {
        TokenTable table = isFirst ? first : rest;
        String text = table.text(tokenId);
        if (text == null) {
            return new TokenText.Bytes(table.bytes(tokenId));
        }
        boolean hidden = skipSpecialTokens && control.get(tokenId);
        return new TokenText.Characters(isFirst && !hidden ? stripped(text) : text, hidden);
    }

    private String stripped(String text) {
        String rest = text;
        for (TokenRule.Strip strip : strips) {
            rest = strip.apply(rest, true);
        }
        return rest;
    }

    private ByteSequence bytes() {
        return joint == Joint.BYTE_FALLBACK ? new ByteFallbackRun() : new Utf8Assembler();
    }
}
