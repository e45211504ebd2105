package dev.conch.tokenizer;

import dev.conch.tokenizer.DecodeRules.Joint;
import java.util.BitSet;
import java.util.List;

/** Makes the streams that decode one vocabulary. Immutable. */
final class Detokenizer {
    private static final BitSet NOTHING = new BitSet();

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

    private ByteSequence bytes() {
        return joint == Joint.BYTE_FALLBACK ? new ByteFallbackRun() : new Utf8Assembler();
    }
}
