package dev.conch.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.conch.generation.TextSpan;
import dev.conch.tokenizer.AddedTokenSplitter.Piece;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A {@code tokenizer.json} with byte-level BPE. Text is encoded by the Hugging Face {@code tokenizers} library (through DJL), decoding
 * is done by a table of our own.
 *
 * <p>Added tokens are cut out here and not in the library, because the library cannot be told to see control tokens in one part of a
 * text and not in another. What lies between two of them is encoded in one piece by an instance that knows no control tokens, so text
 * merges across the borders of literal spans as if there were none.
 *
 * <p>Some vocabularies lack a few of the 256 bytes (SmolLM2's lacks 21, all of them rare control characters or parts of unassigned
 * planes). Text with such a byte loses it, as it does in the library.
 *
 * <p>Thread-safe. Holds native memory until it is closed.
 */
public final class DjlTokenizer implements Tokenizer, AutoCloseable {
    static {
        // On a machine with a GPU the library would otherwise download a build for it.
        System.setProperty("ai.djl.offline", "true");
    }

    private final HuggingFaceTokenizer textModel;
    private final AddedTokenSplitter splitter;
    private final TokenTable table;

    private DjlTokenizer(TokenizerFile file, HuggingFaceTokenizer textModel) {
        this.textModel = textModel;
        splitter = new AddedTokenSplitter(file.splitTokens());
        table = new TokenTable(file.tokens(), controlIds(file));
    }

    /**
     * Loads a tokenizer.
     *
     * @param tokenizerJson a file that the Hugging Face {@code tokenizers} library wrote
     * @throws IOException if the file cannot be read
     * @throws TokenizerFormatException if it is of a kind that is not supported
     */
    public static DjlTokenizer load(Path tokenizerJson) throws IOException {
        TokenizerFile file = TokenizerFile.read(tokenizerJson);
        HuggingFaceTokenizer textModel = HuggingFaceTokenizer.newInstance(
                new ByteArrayInputStream(file.textModel().getBytes(StandardCharsets.UTF_8)),
                Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
        try {
            requireUnreachableControlTokens(file, textModel);
            return new DjlTokenizer(file, textModel);
        } catch (RuntimeException e) {
            textModel.close();
            throw e;
        }
    }

    @Override
    public int[] encode(String text, List<TextSpan> literal) {
        String wellFormed = WellFormedText.of(text);
        TokenIds ids = new TokenIds();
        for (Piece piece : splitter.split(wellFormed, literal)) {
            if (piece.token() == Piece.TEXT) {
                ids.addAll(encodeText(textModel, wellFormed.substring(piece.start(), piece.end())));
            } else {
                ids.add(piece.token());
            }
        }
        return ids.toArray();
    }

    @Override
    public DecodeStream decodeStream() {
        return new ByteLevelDecodeStream(table);
    }

    @Override
    public int vocabularySize() {
        return table.size();
    }

    @Override
    public void close() {
        textModel.close();
    }

    private static long[] encodeText(HuggingFaceTokenizer textModel, String text) {
        return textModel.encode(text, false, false).getIds();
    }

    private static Set<Integer> controlIds(TokenizerFile file) {
        return file.splitTokens().stream()
                .filter(AddedToken::special)
                .map(AddedToken::id)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** A control token that is also an ordinary word of the model would come out of plain text. */
    private static void requireUnreachableControlTokens(TokenizerFile file, HuggingFaceTokenizer textModel) {
        Set<Integer> controlIds = controlIds(file);
        for (AddedToken token : file.splitTokens()) {
            for (long id : encodeText(textModel, token.content())) {
                if (controlIds.contains((int) id)) {
                    throw new TokenizerFormatException("added_tokens: the control token "
                            + file.tokens().get((int) id)
                            + " is also a word of the model (expected: reachable only as a control token)");
                }
            }
        }
    }
}
