package dev.conch.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The text model of any {@code tokenizer.json}, run by the Hugging Face {@code tokenizers} library through DJL.
 *
 * <p>Some vocabularies lack a few of the 256 bytes (SmolLM2's lacks 21, all of them rare control characters or parts of unassigned
 * planes). Text with such a byte loses it, as the library has it.
 *
 * <p>Thread-safe. Holds native memory until it is closed.
 */
final class DjlTextModel implements TextModel, AutoCloseable {
    static {
        // On a machine with a GPU the library would otherwise download a build for it.
        System.setProperty("ai.djl.offline", "true");
    }

    private final HuggingFaceTokenizer atStart;
    private final HuggingFaceTokenizer elsewhere;

    private DjlTextModel(HuggingFaceTokenizer atStart, HuggingFaceTokenizer elsewhere) {
        this.atStart = atStart;
        this.elsewhere = elsewhere;
    }

    /** Loads the library, if that has not been done, and the file into it. */
    static DjlTextModel load(TextModelJson json) throws IOException {
        HuggingFaceTokenizer atStart = library(json.atStart());
        String elsewhere = json.elsewhere();
        return new DjlTextModel(atStart, elsewhere == null ? atStart : library(elsewhere));
    }

    /**
     * The library's own tokenizer, which adds, pads and truncates nothing.
     *
     * @throws TokenizerFormatException if the library refuses the file
     */
    static HuggingFaceTokenizer library(String tokenizerJson) throws IOException {
        try {
            return HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(tokenizerJson.getBytes(StandardCharsets.UTF_8)),
                    Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
        } catch (RuntimeException e) {
            throw new TokenizerFormatException(
                    "tokenizer.json: refused by the Hugging Face library: " + e.getMessage());
        }
    }

    @Override
    public void encode(String text, int from, int to, TokenIds out) {
        HuggingFaceTokenizer library = from == 0 ? atStart : elsewhere;
        out.addAll(library.encode(text.substring(from, to), false, false).getIds());
    }

    @Override
    public void close() {
        atStart.close();
        if (elsewhere != atStart) {
            elsewhere.close();
        }
    }
}
