package dev.conch.tokenizer;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Byte-level BPE: what the {@code BPE} model of the Hugging Face {@code tokenizers} library does with a byte-level vocabulary.
 *
 * <p>Text is normalized (NFC or not at all), written as UTF-8 and cut into words, each of which is encoded alone. A word begins as its
 * bytes, one token each (GPT-2 spells bytes as printable characters to write them into a file; here they stay bytes). Then two neighbours
 * become one token, again and again: those that come first in the file's list of merges, the leftmost if they occur twice.
 *
 * <p>Most words need none of that. {@link WordEncoder} looks for a word in
 *
 * <ul>
 *   <li>{@link ShortWordCache}, if it is short: what came lately.
 *   <li>{@link WordTable}: words that are one token. The merges lead there for nearly every word of the vocabulary, which is found out when the
 *       table is built; with {@code ignore_merges} the file says so of all of them. 97 % of the words of English prose are here.
 *   <li>{@link WordCache}, if it is longer: what it came to before.
 * </ul>
 *
 * <p>If it is nowhere, {@link WordMerger} merges it: O(n²) for up to 64 bytes and O(n log n) beyond. All else is linear: cutting words ({@link WordScanner}), UTF-8 ({@link Utf8Buffer}), NFC ({@link Nfc}). No text can make it slow.
 * Nothing is allocated but the ids, except by {@link Nfc} and for texts of more than a million bytes.
 *
 * <p>Thread-safe: working memory is taken from a small array by one atomic exchange and put back by another; whoever finds none makes
 * some. So it is bounded whatever the number of threads, and nobody waits.
 *
 * <p>Sources: R. Sennrich, B. Haddow, A. Birch, "Neural Machine Translation of Rare Words with Subword Units" (ACL 2016), for BPE; A. Radford
 * et al., GPT-2's {@code encoder.py} ({@code bytes_to_unicode} and the expression), for the byte level; {@code models/bpe} of the
 * {@code tokenizers} library for {@code ignore_merges}, the order of merges and what happens to bytes that the vocabulary lacks.
 */
final class ByteLevelBpe implements TextModel {
    private static final int ENCODERS =
            Integer.highestOneBit(2 * Runtime.getRuntime().availableProcessors() - 1);

    private final BpeTables tables;
    private final PreTokenizer preTokenizer;
    private final boolean nfc;
    private final AtomicReferenceArray<@Nullable WordEncoder> encoders = new AtomicReferenceArray<>(ENCODERS);

    private ByteLevelBpe(BpeTables tables, PreTokenizer preTokenizer, boolean nfc) {
        this.tables = tables;
        this.preTokenizer = preTokenizer;
        this.nfc = nfc;
    }

    /**
     * Builds the model of a {@code tokenizer.json}; its added tokens and post-processor are not looked at.
     *
     * @throws TokenizerFormatException if the file has something that is not supported, which the message names
     */
    static ByteLevelBpe of(JsonObject tokenizerJson) {
        JsonObject model = JsonParts.require(tokenizerJson, "model").getAsJsonObject();
        // Files of the first years do not say it.
        String type = model.has("type") || !model.has("merges") ? JsonParts.type(model) : "BPE";
        if (!type.equals("BPE")) {
            throw new TokenizerFormatException("model: " + type + " (expected: BPE)");
        }
        boolean nfc = isNfc(tokenizerJson);
        PreTokenizer preTokenizer = PreTokenizer.read(tokenizerJson);
        return new ByteLevelBpe(BpeTables.read(model), preTokenizer, nfc);
    }

    @Override
    public void encode(String text, int from, int to, TokenIds out) {
        int place = (int) Thread.currentThread().threadId() & (ENCODERS - 1);
        WordEncoder encoder = encoders.getAndSet(place, null);
        if (encoder == null) {
            encoder = new WordEncoder(tables, preTokenizer, nfc);
        }
        encoder.encode(text, from, to, out);
        encoders.set(place, encoder);
    }

    /** Whether the text is put through NFC; there may also be no normalizer. */
    private static boolean isNfc(JsonObject tokenizerJson) {
        List<JsonObject> normalizers = JsonParts.normalizers(tokenizerJson);
        for (JsonObject normalizer : normalizers) {
            if (!JsonParts.isType(normalizer, "NFC")) {
                throw new TokenizerFormatException(
                        "normalizer: " + JsonParts.type(normalizer) + " (expected: NFC or none)");
            }
        }
        return !normalizers.isEmpty();
    }
}
