package dev.conch.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The Hugging Face library by itself, with the file as it stands: what our tokenizers are compared with, and no part of serving.
 * Thread-safe. Holds native memory until it is closed.
 */
public final class ReferenceTokenizer implements AutoCloseable {
    private final HuggingFaceTokenizer library;

    private ReferenceTokenizer(HuggingFaceTokenizer library) {
        this.library = library;
    }

    /**
     * Loads a {@code tokenizer.json} into the library.
     *
     * @throws IOException if it cannot be read
     */
    public static ReferenceTokenizer load(Path tokenizerJson) throws IOException {
        return new ReferenceTokenizer(DjlTextModel.library(Files.readString(tokenizerJson)));
    }

    /** Encodes without adding anything. Control tokens are matched all over the text. */
    public int[] encode(String text) {
        return Arrays.stream(library.encode(text, false, false).getIds())
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    /** Decodes a whole sequence. Ids that the vocabulary lacks are passed over. */
    public String decode(int[] ids, boolean skipSpecialTokens) {
        return library.decode(Arrays.stream(ids).asLongStream().toArray(), skipSpecialTokens);
    }

    @Override
    public void close() {
        library.close();
    }
}
