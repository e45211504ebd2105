package dev.conch.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The committed vocabulary under the pre-tokenizer of each family; the Hugging Face library is the oracle. */
class ByteLevelBpeTest {
    private static final String CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private static final String UPPER = "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";

    /** What the files of a family have in common. */
    enum Family {
        GPT2(byteLevel(false, true)),
        GPT2_WITH_PREFIX_SPACE(byteLevel(true, true)),
        SMOLLM(digits(true), byteLevel(false, true)),
        NUMBERS_APART(digits(false), byteLevel(false, true)),
        LLAMA3(split(CONTRACTION + cl100k("\\p{N}{1,3}"), "Isolated"), byteLevel(false, false)),
        GPT4(split(CONTRACTION + cl100k("\\p{N}{1,3}"), "Removed"), byteLevel(false, false)),
        QWEN(split(CONTRACTION + cl100k("\\p{N}"), "Isolated"), byteLevel(false, false)),
        GPT4O(split(o200k(CONTRACTION + "?", "\\p{N}{1,3}"), "Isolated"), byteLevel(false, false)),
        TEKKEN(split(o200k("", "\\p{N}"), "Isolated"), byteLevel(false, false)),
        DEEPSEEK(
                split("\\p{N}{1,3}", "Isolated"),
                split("[一-龥぀-ゟ゠-ヿ]+", "Isolated"),
                split(
                        "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
                                + "| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+",
                        "Isolated"),
                byteLevel(false, false));

        private final String preTokenizer;

        Family(JsonObject... steps) {
            preTokenizer = (steps.length == 1 ? steps[0] : sequence("pretokenizers", steps)).toString();
        }

        private static final Map<Family, Pair> LOADED = new EnumMap<>(Family.class);

        Pair load() {
            return LOADED.computeIfAbsent(this, Family::read);
        }

        private Pair read() {
            return Pair.load(json -> {
                json.add("pre_tokenizer", JsonParser.parseString(preTokenizer));
                json.add("normalizer", this == QWEN ? typed("NFC") : sequence("normalizers"));
                json.getAsJsonObject("model").addProperty("ignore_merges", this == LLAMA3 || this == TEKKEN);
            });
        }
    }

    /** Ours and the oracle for one file. */
    private record Pair(TextModel ours, TinyTokenizer.Pair library) {
        static Pair load(Consumer<JsonObject> change) {
            List<JsonObject> changed = new ArrayList<>();
            TinyTokenizer.Pair library = TinyTokenizer.load(json -> {
                json.add("added_tokens", new JsonArray());
                change.accept(json);
                changed.add(json);
            });
            return new Pair(ByteLevelBpe.of(changed.getFirst()), library);
        }

        int[] encode(String text) {
            return ByteLevelBpeTest.encode(ours, text, 0, text.length());
        }

        void assertAgreement(String text) {
            assertThat(encode(text)).as(text).isEqualTo(library.oracleEncode(text));
        }
    }

    @ParameterizedTest
    @EnumSource
    void encodesLikeTheLibrary(Family family) {
        Pair pair = family.load();
        TokenizerTexts.texts(11, 2_800, List.of("<|im_end|>")).forEach(pair::assertAgreement);
    }

    @ParameterizedTest
    @EnumSource
    void knowsEveryCharacterAsTheLibraryDoes(Family family) {
        Pair pair = family.load();
        StringBuilder text = new StringBuilder();
        IntStream.concat(IntStream.range(0, 0x20000), IntStream.range(0xE0000, 0xE0200))
                .filter(codePoint -> codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE)
                .forEach(codePoint -> {
                    text.append("a")
                            .appendCodePoint(codePoint)
                            .appendCodePoint(codePoint)
                            .append("A ")
                            .appendCodePoint(codePoint);
                    if (text.length() > 2_000) {
                        pair.assertAgreement(text.toString());
                        text.setLength(0);
                    }
                });
        pair.assertAgreement(text.toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 63, 64, 65, 66, 500, 20_000})
    void mergesLongWordsAsItDoesShortOnes(int length) {
        Pair pair = Family.LLAMA3.load();
        SplittableRandom random = new SplittableRandom(length);
        for (String letters : List.of("e", "he", "thers", "abcdefghijklmnopqrstuvwxyz", "о", "теа")) {
            for (int i = 0; i < Math.max(1, 1_000 / length); i++) {
                pair.assertAgreement(random.ints(length, 0, letters.length())
                        .collect(
                                StringBuilder::new,
                                (word, at) -> word.append(letters.charAt(at)),
                                StringBuilder::append)
                        .toString());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", " ", "1", " \n", "\u0301\u0323", "🐚", "A中", "'s", "\u0001", "\uD800"})
    void hostileTextIsTextLikeAnyOther(String piece) {
        String text = piece.repeat((2 << 20) / piece.length());
        for (Family family : List.of(Family.QWEN, Family.GPT4O, Family.DEEPSEEK)) {
            assertThat(family.load().encode(text)).isNotEmpty();
        }
    }

    @Test
    void marksInARowArePutInOrderAndComposed() {
        Pair pair = Family.QWEN.load();
        SplittableRandom random = new SplittableRandom(5);
        String marks = "\u0301\u0323\u0327\u0345\u0344\u0334\u05B0\u3099\u0315\u035D\u0F73\u1AC1\u0897";
        for (int i = 0; i < 200; i++) {
            StringBuilder text = new StringBuilder("x e");
            random.ints(1 + random.nextInt(150), 0, marks.length()).forEach(at -> text.append(marks.charAt(at)));
            pair.assertAgreement(text.append("a\u030A").toString());
        }
    }

    @Test
    void bytesThatTheVocabularyLacksAreLeftOut() {
        Pair pair = Pair.load(
                json -> json.getAsJsonObject("model").getAsJsonObject("vocab").remove("\u0100"));
        for (String text : List.of("\u0000", "the\u0000the", "t\u0000he s\u0000ea", "\u0000".repeat(100))) {
            pair.assertAgreement(text);
        }
        Pair withoutJ = Pair.load(
                json -> json.getAsJsonObject("model").getAsJsonObject("vocab").remove("j"));
        for (String text : List.of("j", "the j jay the j jay the", "j\nj\njj\nj the jay")) {
            withoutJ.assertAgreement(text);
        }
    }

    @Test
    void encodesPartsOfAText() {
        Pair pair = Family.GPT2_WITH_PREFIX_SPACE.load();
        String text = "the sea 🐚 and the shore";
        assertThat(encode(pair.ours, text, 4, 10)).isEqualTo(pair.encode(text.substring(4, 10)));
        assertThat(encode(pair.ours, text, 4, 4)).isEmpty();
    }

    @Test
    void charactersAreWholeWhereverTheTextIsCutForCopying() {
        Pair pair = Family.LLAMA3.load();
        for (int before = 505; before < 515; before++) {
            pair.assertAgreement("x".repeat(before) + "🐚é海" + "y".repeat(600) + "🐚");
            String unpaired = "x".repeat(before) + "\uD83D\uD83D\uDC1A\uDC1A";
            assertThat(pair.encode(unpaired)).isEqualTo(pair.library.oracleEncode(WellFormedText.of(unpaired)));
        }
    }

    @Test
    void whatIsRememberedIsNeverMistakenForAnotherWord() {
        Pair pair = Family.LLAMA3.load();
        List<String> words = IntStream.range(0, 30_000)
                .mapToObj(i -> "Wörd" + Integer.toString(i * 7919, 36))
                .toList();
        words.forEach(pair::encode);
        words.forEach(pair::assertAgreement);
    }

    /** All words of three letters: each is remembered, and they are twice as many as there is room for. */
    @Test
    void shortWordsAreNeverMistakenForOthers() {
        Pair pair = Family.LLAMA3.load();
        List<String> letters = IntStream.range(0, 52)
                .mapToObj(i -> Character.toString(i < 26 ? 'a' + i : 'A' + i - 26))
                .toList();
        List<String> texts = letters.stream()
                .map(first -> letters.stream()
                        .flatMap(second -> letters.stream().map(third -> first + second + third))
                        .collect(Collectors.joining("\n")))
                .toList();
        texts.forEach(pair::assertAgreement);
        texts.reversed().forEach(pair::assertAgreement);
    }

    @Test
    void aWordIsNotTheSameWithZeroBytes() {
        Pair pair = Family.LLAMA3.load();
        String plain = "?! sea the shore";
        pair.assertAgreement(plain);
        for (String text :
                List.of("?!\u0000 sea the shore", "\u0000?! sea the shore", "?!\u0000\u0000 sea the shore", plain)) {
            pair.assertAgreement(text);
        }
        String between = "\u0000" + plain + "\u0000";
        assertThat(encode(pair.ours, between, 1, between.length() - 1)).isEqualTo(pair.library.oracleEncode(plain));
    }

    @ParameterizedTest
    @EnumSource
    void wordsThatBeginAlikeAreNotTheSame(Family family) {
        Pair pair = family.load();
        for (String word : List.of("heathers", "Übermaß", "中文字", "?!?!?!?!", "        ")) {
            for (int length = 1; length <= word.length(); length++) {
                pair.assertAgreement("the " + word.substring(0, length) + "\n" + word + "s the " + word + " sea");
            }
        }
    }

    @Test
    void aVocabularyMayHaveFewWords() {
        Pair pair = Pair.load(json -> {
            JsonObject model = json.getAsJsonObject("model");
            model.add("vocab", JsonParser.parseString("{\"h\": 0, \"e\": 1, \"he\": 2}"));
            model.add("merges", JsonParser.parseString("[\"h e\"]"));
        });
        pair.assertAgreement("he eh hehe, then he");
    }

    @Test
    void isSafeToShareAmongThreads() throws Exception {
        Pair pair = Family.QWEN.load();
        List<String> texts = TokenizerTexts.texts(3, 500, List.of()).toList();
        List<int[]> expected = texts.stream().map(pair::encode).toList();
        Callable<Boolean> encodesEqually = () -> IntStream.range(0, texts.size())
                .allMatch(i -> Arrays.equals(pair.encode(texts.get(i)), expected.get(i)));
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (Future<Boolean> equal : threads.invokeAll(
                    Stream.generate(() -> encodesEqually).limit(8).toList())) {
                assertThat(equal.get()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "normalizer = {\"type\": \"Lowercase\"} = normalizer: Lowercase (expected: NFC or none)",
                "normalizer = {\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"NFKC\"}]} = normalizer: NFKC (expected: NFC or none)",
                "pre_tokenizer = null = pre_tokenizer: null (expected: byte-level",
                "pre_tokenizer = {\"type\": \"Whitespace\"} = pre_tokenizer: {\"type\":\"Whitespace\"} (expected: byte-level",
                "model.dropout = 0.1 = model.dropout: 0.1 (expected: none)",
                "model.byte_fallback = true = model.byte_fallback: true (expected: false)",
                "model.continuing_subword_prefix = \"##\" = model.continuing_subword_prefix: \"##\" (expected: none)",
                "model.end_of_word_suffix = \"</w>\" = model.end_of_word_suffix: \"</w>\" (expected: none)",
                "model.type = \"Unigram\" = model: Unigram (expected: BPE)",
                "model.merges = [\"h nothing\"] = model.merges: nothing (expected: a token of model.vocab)",
                "model.vocab = {\"h\": 9999999} = model.vocab: id of h: 9999999 (expected: 0 to 1048574)",
            })
    void refusesWhatItDoesNotSupport(String change) {
        String[] parts = change.split(" = ", 3);
        JsonObject json = tiny();
        boolean inModel = parts[0].startsWith("model.");
        (inModel ? json.getAsJsonObject("model") : json)
                .add(inModel ? parts[0].substring(6) : parts[0], JsonParser.parseString(parts[1]));
        assertThatThrownBy(() -> ByteLevelBpe.of(json))
                .isInstanceOf(TokenizerFormatException.class)
                .hasMessageStartingWith(parts[2]);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 7, 8, 9})
    void managesWithFewMerges(int count) {
        Pair pair = Pair.load(json -> {
            JsonArray merges = json.getAsJsonObject("model").getAsJsonArray("merges");
            while (merges.size() > count) {
                merges.remove(merges.size() - 1);
            }
        });
        pair.assertAgreement("the other then");
    }

    @Test
    void takesAModelThatDoesNotSayItsTypeForBpe() {
        JsonObject json = tiny();
        json.getAsJsonObject("model").remove("type");
        assertThat(encode(ByteLevelBpe.of(json), "the", 0, 3)).isEqualTo(encode(ByteLevelBpe.of(tiny()), "the", 0, 3));
    }

    @Test
    void refusesATokenForUnknownBytes() {
        JsonObject json = tiny();
        json.getAsJsonObject("model").getAsJsonObject("vocab").remove("\u0100");
        json.getAsJsonObject("model").addProperty("unk_token", "h");
        assertThatThrownBy(() -> ByteLevelBpe.of(json)).hasMessageStartingWith("model.unk_token: \"h\"");
    }

    private static JsonObject tiny() {
        List<JsonObject> read = new ArrayList<>();
        TinyTokenizer.load(read::add);
        return read.getFirst();
    }

    private static int[] encode(TextModel model, String text, int from, int to) {
        TokenIds ids = new TokenIds();
        model.encode(text, from, to, ids);
        return ids.toArray();
    }

    private static String cl100k(String number) {
        return "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|" + number
                + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    }

    private static String o200k(String contraction, String number) {
        return UPPER + "*" + LOWER + "+" + contraction + "|" + UPPER + "+" + LOWER + "*" + contraction + "|" + number
                + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    }

    private static JsonObject typed(String type) {
        JsonObject json = new JsonObject();
        json.addProperty("type", type);
        return json;
    }

    private static JsonObject sequence(String name, JsonObject... steps) {
        JsonArray array = new JsonArray();
        Arrays.asList(steps).forEach(array::add);
        JsonObject json = typed("Sequence");
        json.add(name, array);
        return json;
    }

    private static JsonObject byteLevel(boolean prefixSpace, boolean expression) {
        JsonObject json = typed("ByteLevel");
        json.addProperty("add_prefix_space", prefixSpace);
        json.addProperty("trim_offsets", true);
        json.addProperty("use_regex", expression);
        return json;
    }

    private static JsonObject digits(boolean individual) {
        JsonObject json = typed("Digits");
        json.addProperty("individual_digits", individual);
        return json;
    }

    private static JsonObject split(String expression, String behavior) {
        JsonObject pattern = new JsonObject();
        pattern.add("Regex", new JsonPrimitive(expression));
        JsonObject json = typed("Split");
        json.add("pattern", pattern);
        json.addProperty("behavior", behavior);
        json.addProperty("invert", behavior.equals("Removed"));
        return json;
    }
}
