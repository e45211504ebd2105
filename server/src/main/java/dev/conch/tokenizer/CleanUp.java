package dev.conch.tokenizer;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code clean_up_tokenization_spaces} of the Hugging Face libraries: blanks before English punctuation and contractions go. It is a
 * list of replacements, each of which goes through the whole text before the next begins.
 */
final class CleanUp {
    /** Of {@code transformers}, for whole texts. */
    static final List<Replacement> OF_TEXT = List.of(
            new Replacement(" .", "."),
            new Replacement(" ?", "?"),
            new Replacement(" !", "!"),
            new Replacement(" ,", ","),
            new Replacement(" ' ", "'"),
            new Replacement(" n't", "n't"),
            new Replacement(" 'm", "'m"),
            new Replacement(" 's", "'s"),
            new Replacement(" 've", "'ve"),
            new Replacement(" 're", "'re"));

    /** Of the WordPiece decoder of {@code tokenizers}, for single tokens: one more. */
    private static final List<Replacement> OF_TOKEN = ofToken();

    private static final String KEY = "clean_up_tokenization_spaces";
    private static final String FORCING_KEY = KEY + "_for_bpe_even_though_it_will_corrupt_output";

    private CleanUp() {}

    /**
     * Whether a model's configuration asks for it. {@code transformers} since version 5 does it only if told to, and for BPE not even
     * then, because there the blanks are the model's own.
     *
     * @param config a {@code tokenizer_config.json}, if there is one
     */
    static boolean isAskedFor(TokenizerFile file, Path config) throws IOException {
        if (!Files.exists(config)) {
            return false;
        }
        try (Reader reader = Files.newBufferedReader(config)) {
            JsonObject json = JsonParser.parseReader(reader).getAsJsonObject();
            return JsonParts.flag(json, KEY, false) && (!file.bpe() || JsonParts.flag(json, FORCING_KEY, false));
        } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
            throw new TokenizerFormatException(config.getFileName() + ": " + e.getMessage());
        }
    }

    private static List<Replacement> ofToken() {
        var replacements = new ArrayList<>(OF_TEXT);
        replacements.add(replacements.indexOf(new Replacement(" 's", "'s")), new Replacement(" do not", " don't"));
        return List.copyOf(replacements);
    }

    /** What is replaced, from left to right and never twice. */
    record Replacement(String pattern, String content) {}

    static String ofToken(String token) {
        String text = token;
        for (Replacement replacement : OF_TOKEN) {
            text = text.replace(replacement.pattern(), replacement.content());
        }
        return text;
    }
}
