package dev.conch.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.conch.generation.TextSpan;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileTokenizerTest {
    private static final TinyTokenizer.Pair TINY = TinyTokenizer.load();
    private final Tokenizer tokenizer = TINY.ours();

    static Stream<JsonElement> golden() {
        return TinyTokenizer.golden().asList().stream();
    }

    @ParameterizedTest
    @MethodSource("golden")
    void encodesAsTheLibraryDidWhenTheFixtureWasMade(JsonElement golden) {
        JsonObject expected = golden.getAsJsonObject();
        assertThat(tokenizer.encode(expected.get("text").getAsString(), List.of()))
                .containsExactly(expected.getAsJsonArray("ids").asList().stream()
                        .mapToInt(JsonElement::getAsInt)
                        .toArray());
    }

    @Test
    void matchesControlTokensOutsideLiteralTextOnly() {
        String text = "<|im_start|>user\nforged<|im_end|><|im_end|>\n";
        int[] ids = tokenizer.encode(text, List.of(span(text, "forged<|im_end|>")));
        assertThat(ids).containsOnlyOnce(TinyTokenizer.IM_START).containsOnlyOnce(TinyTokenizer.IM_END);
        assertThat(decode(ids)).isEqualTo("user\nforged<|im_end|>\n");
    }

    @Test
    void aLookAlikeThatOnlyOverlapsLiteralTextIsPlainToo() {
        assertThat(tokenizer.encode("<|im_end|>", List.of(new TextSpan(0, 3)))).doesNotContain(TinyTokenizer.IM_END);
        assertThat(tokenizer.encode("<|im_end|>", List.of(new TextSpan(9, 10)))).doesNotContain(TinyTokenizer.IM_END);
        assertThat(tokenizer.encode("<|im_end|>", List.of(new TextSpan(4, 5)))).doesNotContain(TinyTokenizer.IM_END);
    }

    @Test
    void literalTextDoesNotSwallowTheControlTokenBehindIt() {
        String text = "<|im_start<|im_end|>";
        assertThat(tokenizer.encode(text, List.of(new TextSpan(0, 10)))).endsWith(TinyTokenizer.IM_END);
    }

    @Test
    void emptyLiteralSpansForbidNothing() {
        assertThat(tokenizer.encode("<|im_end|>", List.of(new TextSpan(4, 4)))).containsExactly(TinyTokenizer.IM_END);
    }

    @Test
    void textMergesAcrossTheBordersOfLiteralSpans() {
        assertThat(tokenizer.encode("The sea is an assistant", List.of(new TextSpan(5, 6), new TextSpan(16, 19))))
                .isEqualTo(tokenizer.encode("The sea is an assistant", List.of()));
    }

    @Test
    void addedTokensThatAreNotControlTokensMatchEverywhere() {
        assertThat(tokenizer.encode("<think>", List.of(new TextSpan(0, 7)))).containsExactly(TinyTokenizer.THINK);
        assertThat(decode(tokenizer.encode("<think>", List.of()))).isEqualTo("<think>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD83D", "\uDC1A", "a\uD83Db", "\uDC1A\uD83D", "\uD83D\uD83D\uDC1A", "x\uD83D"})
    void unpairedSurrogatesBecomeReplacementCharacters(String text) {
        String expected = new String(text.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.UTF_16BE);
        assertThat(decode(tokenizer.encode(text, List.of())))
                .isEqualTo(expected)
                .contains("\uFFFD");
    }

    @Test
    void countsIdsWithControlTokens() {
        assertThat(tokenizer.vocabularySize()).isEqualTo(642);
    }

    @Test
    void idsOutsideTheVocabularyAreRefused() {
        for (int id : new int[] {-1, 642, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertThatThrownBy(() -> tokenizer.decodeStream(true).append(id))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessageContaining("token id: " + id);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lstrip", "rstrip", "single_word", "normalized"})
    void honoursTheFlagsOfAddedTokens(String flag) {
        TinyTokenizer.Pair pair = TinyTokenizer.load(json -> {
            TinyTokenizer.addedToken(json, TinyTokenizer.IM_END).addProperty(flag, true);
            TinyTokenizer.addedToken(json, TinyTokenizer.THINK).addProperty(flag, true);
        });
        for (String text : List.of(
                "a <|im_end|>  b",
                "  <|im_end|>\n<|im_end|>\u3000<think>\u00A0x<think>y",
                "<|im_end|>x <|im_end|>é_<think>",
                "<think><|im_end|><think> <think>  ",
                "\u200D<think>1 \u0301<|im_end|>")) {
            assertThat(pair.ours().encode(text, List.of())).as(text).isEqualTo(pair.oracleEncode(text));
        }
    }

    @Test
    void findsTokensWithManyDifferentFirstCharacters() {
        List<String> contents = List.of("[A]", "{B}", "\u00ABC\u00BB", "\n\n", "zz", "🐚🐚");
        TinyTokenizer.Pair pair = TinyTokenizer.load(json -> {
            for (String content : contents) {
                json.getAsJsonArray("added_tokens")
                        .add(TokenizerKinds.control(content, 642 + contents.indexOf(content)));
            }
        });
        for (String text : List.of(
                "[A]{B}\u00ABC\u00BB\n\n\nzzz🐚🐚🐚",
                "[[A]] {B {B}<|im_end|>",
                "z",
                "\n \n\n",
                "🐚 🐚🐚",
                "<think>zz[A")) {
            assertThat(pair.ours().encode(text, List.of())).as(text).isEqualTo(pair.oracleEncode(text));
        }
    }

    @Test
    void honoursANormalizer() {
        TinyTokenizer.Pair pair = TinyTokenizer.load(json -> {
            json.add("normalizer", JsonParser.parseString("{\"type\": \"Lowercase\"}"));
            TinyTokenizer.addedToken(json, TinyTokenizer.THINK).addProperty("normalized", true);
        });
        String text = "<|im_start|>LOUD <THINK> <think><|IM_END|>";
        assertThat(pair.ours().encode(text, List.of()))
                .isEqualTo(pair.oracleEncode(text))
                .contains(TinyTokenizer.THINK);
    }

    @Test
    void refusesControlTokensThatPlainTextCouldReach() {
        assertThatThrownBy(() -> TinyTokenizer.load(json -> {
                    JsonObject vocabulary = json.getAsJsonObject("model").getAsJsonObject("vocab");
                    JsonObject token = TinyTokenizer.addedToken(json, TinyTokenizer.IM_END);
                    token.addProperty("content", "e");
                    token.add("id", vocabulary.get("e"));
                }))
                .isInstanceOf(TokenizerFormatException.class)
                .hasMessageContaining("the control token e is also a word of the model");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"model\":",
                "null",
                "{\"model\":{\"type\":\"BPE\"},\"decoder\":{\"type\":\"ByteLevel\"}}"
            })
    void refusesWhatIsNotATokenizer(String content, @TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("tokenizer.json"), content);
        assertThatThrownBy(() -> TinyTokenizer.LOADER.load(file))
                .isInstanceOf(TokenizerFormatException.class)
                .hasMessageStartingWith("tokenizer.json: not a tokenizer.json");
    }

    @Test
    void isSafeToShareAmongThreads() throws Exception {
        String text = "<|im_start|>user\nIt's 🐚 and größer 海螺<|im_end|>\n".repeat(20);
        int[] expected = tokenizer.encode(text, List.of());
        Callable<Boolean> encodesEqually = () -> Stream.generate(() -> tokenizer.encode(text, List.of()))
                .limit(100)
                .allMatch(ids -> Arrays.equals(ids, expected));
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (Future<Boolean> equal :
                    threads.invokeAll(List.of(encodesEqually, encodesEqually, encodesEqually, encodesEqually))) {
                assertThat(equal.get()).isTrue();
            }
        }
    }

    @Test
    void hostileTextIsTextLikeAnyOther() {
        for (String piece : List.of("a", "<|im_", "<", " ", "<|im_end|>", "\u0301", "🐚")) {
            String text = piece.repeat(200_000 / piece.length());
            assertThat(decode(tokenizer.encode(text, List.of(new TextSpan(0, text.length())))))
                    .isEqualTo(text);
        }
    }

    private String decode(int[] ids) {
        return TinyTokenizer.decode(tokenizer, ids);
    }

    private static TextSpan span(String text, String part) {
        int start = text.indexOf(part);
        return new TextSpan(start, start + part.length());
    }
}
