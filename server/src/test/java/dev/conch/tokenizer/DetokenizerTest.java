package dev.conch.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DetokenizerTest {
    private static final String SENTENCEPIECE =
            "{'type':'Sequence','decoders':[{'type':'Replace','pattern':{'String':'▁'},'content':' '},{'type':'ByteFallback'},"
                    + "{'type':'Fuse'},{'type':'Strip','content':' ','start':1,'stop':0}]}";
    private static final String[] TOKENS = {
        "<unk>", "▁", "▁▁", "▁the", "the", "s", " '", "'", "##ing", "##", "##.", "n", "'t", "do", "▁do", "not", ".",
        " .", "▁.", ",", "▁?", "<0xE6>", "<0xB5>", "<0xB7>", "<0x0A>", "<0xF0>", "<0x9F>", "<0x90>", "<0x9A>", "<0x80>",
        "<0xFF>", "<0x2", "<0xé>", "Ġthe", "æ", "µ", "·", "Ċ", "海", "🐚", "▁ab▁c", "aXbX", "'ve", "re", " ", "  ", "!"
    };
    private static final SplittableRandom RANDOM = new SplittableRandom(11);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                SENTENCEPIECE,
                "null",
                "{'type':'ByteLevel','add_prefix_space':true,'trim_offsets':true,'use_regex':true}",
                "{'type':'Metaspace','replacement':'▁','prepend_scheme':'always','split':true}",
                "{'type':'Metaspace','replacement':'▁','prepend_scheme':'first','split':false}",
                "{'type':'Metaspace','replacement':'▁','prepend_scheme':'never'}",
                "{'type':'Metaspace','replacement':'▁','add_prefix_space':true}",
                "{'type':'WordPiece','prefix':'##','cleanup':true}",
                "{'type':'WordPiece','prefix':'##','cleanup':false}",
                "{'type':'Fuse'}",
                "{'type':'Sequence','decoders':[]}",
                "{'type':'ByteFallback'}",
                "{'type':'Replace','pattern':{'String':'X'},'content':'--'}",
                "{'type':'Strip','content':' ','start':2,'stop':0}",
                "{'type':'Sequence','decoders':[{'type':'Fuse'},{'type':'Strip','content':' ','start':3,'stop':0}]}",
                "{'type':'Sequence','decoders':[{'type':'Metaspace','replacement':'▁','prepend_scheme':'always','split':true},"
                        + "{'type':'ByteFallback'},{'type':'Fuse'}]}",
                "{'type':'Sequence','decoders':[{'type':'Sequence','decoders':[{'type':'Strip','content':'▁','start':1,'stop':0}]},"
                        + "{'type':'ByteLevel','add_prefix_space':true,'trim_offsets':true,'use_regex':true},"
                        + "{'type':'Strip','content':' ','start':1,'stop':0}]}",
            })
    void decodesLikeTheLibrary(String decoder) throws IOException {
        TinyTokenizer.Pair pair = TinyTokenizer.pair(words(decoder));
        for (int i = 0; i < 3_000; i++) {
            int[] ids = randomIds();
            boolean skip = RANDOM.nextBoolean();
            assertThat(TinyTokenizer.decode(pair.ours(), ids, skip))
                    .as(List.of(ids.length, skip).toString())
                    .isEqualTo(pair.oracle().decode(ids, skip));
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            delimiter = '|',
            value = {
                "{'type':'CTC','pad_token':'<pad>','word_delimiter_token':'x','cleanup':true} | decoder: CTC (expected: ByteLevel, ",
                "{'type':'BPEDecoder','suffix':'</w>'} | decoder: BPEDecoder (expected: ByteLevel, ",
                "{'type':'Strip','content':' ','start':1,'stop':1} | decoder: Strip at the end (expected: at the start only)",
                "{'type':'Replace','pattern':{'Regex':'a+'},'content':''} | decoder: Replace by regular expression (expected: a text)",
                "{'type':'Sequence','decoders':[{'type':'Fuse'},{'type':'ByteFallback'}]} | decoder: ByteFallback behind what joins the",
                "{'type':'Sequence','decoders':[{'type':'ByteFallback'},{'type':'Strip','content':' ','start':1,'stop':0}]} | decoder: Strip b",
            })
    void refusesWhatItCannotFollow(String decoder, String message) {
        assertThatThrownBy(() -> TinyTokenizer.pair(words(decoder)))
                .isInstanceOf(TokenizerFormatException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void holdsAByteRunBackUntilItEnds() throws IOException {
        DecodeStream stream = TinyTokenizer.pair(words(SENTENCEPIECE)).ours().decodeStream(true);
        assertThat(stream.append(id("<0xE6>"))).isEmpty();
        assertThat(stream.append(id("<0xB5>"))).isEmpty();
        assertThat(stream.append(id("<0xB7>"))).isEmpty();
        assertThat(stream.append(id("<unk>"))).isEmpty();
        assertThat(stream.append(id("s"))).isEqualTo("海s");
        assertThat(stream.append(id("<0x0A>"))).isEmpty();
        assertThat(stream.finish()).isEqualTo("\n");
    }

    @Test
    void aBrokenRunIsOneReplacementCharacterForEachByteAtOnce() throws IOException {
        DecodeStream stream = TinyTokenizer.pair(words(SENTENCEPIECE)).ours().decodeStream(true);
        assertThat(stream.append(id("<0xE6>"))).isEmpty();
        assertThat(stream.append(id("<0xFF>"))).isEqualTo("\uFFFD\uFFFD");
        assertThat(stream.append(id("<0x0A>"))).isEqualTo("\uFFFD");
        assertThat(stream.append(id("s"))).isEqualTo("s");
        assertThat(stream.append(id("<0xE6>"))).isEmpty();
        assertThat(stream.finish()).isEqualTo("\uFFFD");
    }

    @Test
    void tokensOfWholeCharactersAreNotMadeAnew() throws IOException {
        Tokenizer tokenizer = TinyTokenizer.pair(words(SENTENCEPIECE)).ours();
        String first = tokenizer.decodeStream(true).append(id("the"));
        assertThat(tokenizer.decodeStream(true).append(id("the"))).isSameAs(first);
    }

    @Test
    void cleansUpLikeTransformersIfAskedTo() throws IOException {
        JsonObject json = words("{'type':'Fuse'}");
        TinyTokenizer.Pair pair = TinyTokenizer.pair(json);
        Tokenizer cleaning = load(json, "{\"clean_up_tokenization_spaces\": true}");
        for (int i = 0; i < 5_000; i++) {
            int[] ids = randomIds();
            assertThat(TinyTokenizer.decode(cleaning, ids)).isEqualTo(cleanedUp(pair.oracleDecode(ids)));
        }
    }

    /** {@code PreTrainedTokenizerBase.clean_up_tokenization}. */
    private static String cleanedUp(String text) {
        return text.replace(" .", ".")
                .replace(" ?", "?")
                .replace(" !", "!")
                .replace(" ,", ",")
                .replace(" ' ", "'")
                .replace(" n't", "n't")
                .replace(" 'm", "'m")
                .replace(" 's", "'s")
                .replace(" 've", "'ve")
                .replace(" 're", "'re");
    }

    @Test
    void cleansUpOnlyWhatItIsAskedTo() throws IOException {
        JsonObject words = words("{'type':'Fuse'}");
        assertThat(decoded(load(words, "{\"clean_up_tokenization_spaces\": false}")))
                .isEqualTo("s .");
        assertThat(decoded(load(words, "{}"))).isEqualTo("s .");
        assertThat(decoded(load(words, "{\"clean_up_tokenization_spaces\": true}")))
                .isEqualTo("s.");
        JsonObject bpe = words.deepCopy();
        JsonObject model = TokenizerKinds.object("{\"type\":\"BPE\",\"merges\":[]}");
        model.add("vocab", words.getAsJsonObject("model").get("vocab"));
        bpe.add("model", model);
        assertThat(decoded(load(bpe, "{\"clean_up_tokenization_spaces\": true}")))
                .isEqualTo("s .");
        assertThat(
                        decoded(
                                load(
                                        bpe,
                                        "{\"clean_up_tokenization_spaces\": true,"
                                                + "\"clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output\": true}")))
                .isEqualTo("s.");
    }

    private static String decoded(Tokenizer tokenizer) {
        return TinyTokenizer.decode(tokenizer, new int[] {id("s"), id(" .")});
    }

    private Tokenizer load(JsonObject json, String config) throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), config);
        return TinyTokenizer.LOADER.load(Files.writeString(folder.resolve("tokenizer.json"), json.toString()));
    }

    private static JsonObject words(String decoder) {
        JsonElement json = JsonParser.parseString(decoder.replace('\'', '"'));
        return TokenizerKinds.words(json.isJsonNull() ? JsonNull.INSTANCE : json, TOKENS);
    }

    private static int id(String token) {
        return List.of(TOKENS).indexOf(token);
    }

    /** Any tokens; often several of the byte tokens in a row. */
    private static int[] randomIds() {
        boolean bytes = RANDOM.nextInt(3) == 0;
        int from = bytes ? id("<0xE6>") - 1 : 0;
        int to = bytes ? id("<0xFF>") + 1 : TOKENS.length;
        return RANDOM.ints(RANDOM.nextInt(12), from, to).toArray();
    }
}
