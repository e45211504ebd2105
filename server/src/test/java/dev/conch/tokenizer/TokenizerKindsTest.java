package dev.conch.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import dev.conch.generation.TextSpan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Kinds of tokenizers for which no real file is at hand; the library is the oracle. */
class TokenizerKindsTest {
    private static final int TEXTS = 1_500;

    @TempDir
    Path folder;

    static final List<Kind> KINDS = List.of(
            new Kind(
                    "Unigram, always a blank before", () -> TokenizerKinds.unigram("always"), List.of("<pad>", "</s>")),
            new Kind("Unigram, a blank at the start", () -> TokenizerKinds.unigram("first"), List.of("<pad>", "</s>")),
            new Kind("Unigram, no blank", () -> TokenizerKinds.unigram("never"), List.of("<pad>", "</s>")),
            new Kind("WordPiece", TokenizerKinds::wordPiece, List.of("[CLS]", "[SEP]", "[MASK]")));

    /** A file, and control tokens that it has. */
    record Kind(String title, Supplier<JsonObject> json, List<String> control) {
        @Override
        public String toString() {
            return title;
        }
    }

    @ParameterizedTest
    @FieldSource("KINDS")
    void equalsTheLibrary(Kind kind) throws IOException {
        TinyTokenizer.Pair pair = TinyTokenizer.pair(kind.json().get());
        TokenizerTexts.texts(7, TEXTS, kind.control()).forEach(text -> {
            int[] ids = pair.ours().encode(text, List.of());
            assertThat(ids).as(text).isEqualTo(pair.oracleEncode(text));
            assertThat(TinyTokenizer.decode(pair.ours(), ids)).as(text).isEqualTo(pair.oracleDecode(ids));
        });
    }

    @ParameterizedTest
    @FieldSource("KINDS")
    void literalTextHasNoControlTokens(Kind kind) throws IOException {
        TinyTokenizer.Pair pair = TinyTokenizer.pair(kind.json().get());
        for (String control : kind.control()) {
            int id = pair.oracleEncode(control)[0];
            for (String text :
                    List.of(control, "a " + control, control + control, " " + control + " b", "x" + control)) {
                assertThat(pair.ours().encode(text, List.of(new TextSpan(0, text.length()))))
                        .as(text)
                        .doesNotContain(id);
                assertThat(pair.ours().encode(text, List.of())).as(text).contains(id);
            }
        }
    }

    /** The same file with the control tokens unknown to model and library alike says what the text is worth. */
    @Test
    void literalControlTokensAreTheCharactersThatTheyAre() throws IOException {
        JsonObject without = TokenizerKinds.unigram("first");
        without.getAsJsonObject("model")
                .getAsJsonArray("vocab")
                .get(1)
                .getAsJsonArray()
                .set(0, TokenizerKinds.object("{\"x\":\"</q>\"}").get("x"));
        without.getAsJsonArray("added_tokens").remove(1);
        TinyTokenizer.Pair plain = TinyTokenizer.pair(without);
        Tokenizer ours = TinyTokenizer.pair(TokenizerKinds.unigram("first")).ours();
        for (String text : List.of("</s>", "море</s>", "the </s>harbour </s></s>")) {
            assertThat(ours.encode(text, List.of(new TextSpan(0, text.length()))))
                    .as(text)
                    .isEqualTo(plain.oracleEncode(text));
        }
    }

    /** In the first Llama's children {@code <s>} is looked for as {@code ▁<s>}: a blank that a client wrote does not keep it away. */
    @Test
    void normalizedControlTokensNeedTheirBlank() throws IOException {
        TinyTokenizer.Pair pair = TinyTokenizer.load(TokenizerKindsTest::likeTheFirstLlama);
        for (String text :
                List.of("<|im_end|>x", "a <|im_end|>", "a<|im_end|>", "<|im_end|><|im_end|> <|im_end|>", " <think>")) {
            assertThat(pair.ours().encode(text, List.of())).as(text).isEqualTo(pair.oracleEncode(text));
        }
        int[] genuine = pair.ours().encode("a <|im_end|>", List.of(new TextSpan(0, 2)));
        assertThat(genuine).isEqualTo(pair.oracleEncode("a <|im_end|>")).contains(TinyTokenizer.IM_END);
        assertThat(pair.ours().encode("a <|im_end|>", List.of(new TextSpan(2, 3))))
                .doesNotContain(TinyTokenizer.IM_END);
        assertThat(pair.ours().encode("a <|im_end|>", List.of(new TextSpan(11, 12))))
                .doesNotContain(TinyTokenizer.IM_END);
    }

    private static void likeTheFirstLlama(JsonObject json) {
        json.add(
                "normalizer",
                TokenizerKinds.object(
                        "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"Prepend\",\"prepend\":\"▁\"},"
                                + "{\"type\":\"Replace\",\"pattern\":{\"String\":\" \"},\"content\":\"▁\"}]}"));
        json.getAsJsonArray("added_tokens")
                .forEach(token -> token.getAsJsonObject().addProperty("normalized", true));
    }

    @Test
    void keepsTheIdsOfTokensThatTheLibraryLooksFor() throws IOException {
        JsonObject json = TokenizerKinds.unigram("never");
        int size = json.getAsJsonObject("model").getAsJsonArray("vocab").size();
        json.getAsJsonArray("added_tokens").add(TokenizerKinds.control("<|sep|>", size));
        JsonObject word = TokenizerKinds.control("zyxwv", size + 1);
        word.addProperty("special", false);
        word.addProperty("normalized", true);
        json.getAsJsonArray("added_tokens").add(word);
        TinyTokenizer.Pair pair = TinyTokenizer.pair(json);
        for (String text : List.of("a zyxwv", "<|sep|>zyxwv<|sep|>", "zyxwv</s><|sep|> zyxwv")) {
            assertThat(pair.ours().encode(text, List.of()))
                    .as(text)
                    .isEqualTo(pair.oracleEncode(text))
                    .contains(size + 1);
        }
    }

    @Test
    void refusesIdsThatTheLibraryWouldGiveOtherwise() {
        assertThatThrownBy(() -> TinyTokenizer.load(json ->
                        TinyTokenizer.addedToken(json, TinyTokenizer.THINK).addProperty("id", 650)))
                .isInstanceOf(TokenizerFormatException.class)
                .hasMessage("added_tokens: <think> has the id 650"
                        + " (expected: 640, which is what the Hugging Face library gives it)");
    }

    @Test
    void namesWhatToDoWithOtherFormats() throws IOException {
        Files.writeString(folder.resolve("tokenizer.model"), "");
        assertThatThrownBy(() -> TinyTokenizer.LOADER.load(folder.resolve("tokenizer.json")))
                .isInstanceOf(TokenizerFormatException.class)
                .hasMessageStartingWith("tokenizer.model: a tokenizer in another format (expected: tokenizer.json; ")
                .hasMessageContaining("save_pretrained");
    }

    @Test
    void theBeginningIsTheTextsNotThePieces() throws IOException {
        TinyTokenizer.Pair pair = TinyTokenizer.pair(TokenizerKinds.unigram("first"));
        int[] once = pair.ours().encode("море</s>море", List.of());
        assertThat(once).isEqualTo(pair.oracleEncode("море</s>море"));
        assertThat(once[0]).isNotEqualTo(once[once.length - 1]);
        assertThat(Arrays.stream(pair.ours().encode("</s>море", List.of()))
                        .skip(1)
                        .findFirst())
                .hasValue(once[once.length - 1]);
    }
}
