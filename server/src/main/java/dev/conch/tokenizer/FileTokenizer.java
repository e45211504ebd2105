package dev.conch.tokenizer;

import dev.conch.generation.TextSpan;
import dev.conch.generation.TokenText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tokenizer of a {@code tokenizer.json}.
 *
 * <p>Added tokens are cut out here and not in a library, because no library can be told to see control tokens in one part of a text and
 * not in another. What lies between two of them is encoded in one piece by a model that knows no control tokens, so text merges across
 * the borders of literal spans as if there were none. Decoding is done by a table.
 */
final class FileTokenizer implements Tokenizer {
    private final AddedTokenSplitter splitter;
    private final TextModel textModel;
    private final Detokenizer detokenizer;

    private final @Nullable SpecialTokenFrame frame;

    FileTokenizer(
            AddedTokenSplitter splitter,
            TextModel textModel,
            Detokenizer detokenizer,
            @Nullable SpecialTokenFrame frame) {
        this.splitter = splitter;
        this.textModel = textModel;
        this.detokenizer = detokenizer;
        this.frame = frame;
    }

    /** What encodes the text between added tokens. */
    TextModel textModel() {
        return textModel;
    }

    @Override
    public int[] encode(String text, List<TextSpan> literal) {
        var ids = new Encoding(textModel);
        splitter.split(WellFormedText.of(text), literal, ids);
        return ids.ids.toArray();
    }

    private record Encoding(TextModel textModel, TokenIds ids) implements AddedTokenSplitter.Parts {
        Encoding(TextModel textModel) {
            this(textModel, new TokenIds());
        }

        @Override
        public void token(int id) {
            ids.add(id);
        }

        @Override
        public void text(String text, int from, int to) {
            textModel.encode(text, from, to, ids);
        }
    }

    @Override
    public DecodeStream decodeStream(boolean skipSpecialTokens) {
        return detokenizer.stream(skipSpecialTokens);
    }

    @Override
    public TokenText tokenText(int tokenId, boolean first, boolean skipSpecialTokens) {
        return detokenizer.tokenText(tokenId, first, skipSpecialTokens);
    }

    @Override
    public int @Nullable [] withSpecialTokens(int[] text) {
        return frame == null ? null : frame.around(text);
    }

    @Override
    public String spelling(int tokenId) {
        return detokenizer.spelling(tokenId);
    }

    @Override
    public boolean hasToken(int tokenId) {
        return detokenizer.hasToken(tokenId);
    }

    @Override
    public int vocabularySize() {
        return detokenizer.vocabularySize();
    }
}
