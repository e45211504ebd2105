package dev.conch.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Loads the tokenizers of models. Thread-safe. */
public final class TokenizerLoader {
    private static final String TOKENIZER = "tokenizer.json";
    private static final String CONFIG = "tokenizer_config.json";
    /** What models bring whose tokenizer was not written by the Hugging Face libraries. */
    private static final List<String> OTHER_FORMATS = List.of(
            "tokenizer.model",
            "tekken.json",
            "tiktoken.model",
            "qwen.tiktoken",
            "spiece.model",
            "sentencepiece.bpe.model",
            "vocab.json",
            "vocab.txt");

    private final TextModelChoice choice;

    TokenizerLoader(TextModelChoice choice) {
        this.choice = choice;
    }

    /** The loader of the server: our own encoder where it agrees with the library, as found out once and remembered for this user. */
    public static TokenizerLoader standard() {
        return remembering(SelfCheckMemo.ofUser(System.getenv()));
    }

    static TokenizerLoader remembering(SelfCheckMemo memo) {
        return new TokenizerLoader(new TextModelChoice(OwnTextModel.BYTE_LEVEL_BPE, memo));
    }

    /**
     * Loads a tokenizer.
     *
     * @param tokenizerJson a {@code tokenizer.json}; a {@code tokenizer_config.json} beside it says whether decoded text is cleaned up
     * @throws IOException if a file cannot be read
     * @throws TokenizerFormatException if it asks for what cannot be done exactly, or is in another format
     */
    public Tokenizer load(Path tokenizerJson) throws IOException {
        requireFormat(tokenizerJson);
        TokenizerFile file = TokenizerFile.read(tokenizerJson);
        var detokenizer = new Detokenizer(file, CleanUp.isAskedFor(file, tokenizerJson.resolveSibling(CONFIG)));
        var splitter = new AddedTokenSplitter(file.splitTokens(), file.normalizer());
        TextModel textModel = choice.choose(tokenizerJson.toString(), sha256(tokenizerJson), file.textModel());
        return new FileTokenizer(splitter, textModel, detokenizer, file.frame());
    }

    private static void requireFormat(Path file) throws IOException {
        if (Files.isReadable(file)) {
            return;
        }
        for (String other : OTHER_FORMATS) {
            if (Files.exists(file.resolveSibling(other))) {
                throw new TokenizerFormatException(other + ": a tokenizer in another format (expected: " + TOKENIZER
                        + "; transformers writes one: AutoTokenizer.from_pretrained(folder).save_pretrained(folder))");
            }
        }
        throw new IOException(TOKENIZER + " cannot be read");
    }

    static String sha256(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
