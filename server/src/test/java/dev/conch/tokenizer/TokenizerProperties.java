package dev.conch.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.generation.TextSpan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** What must hold for any text and any token ids; the Hugging Face library is the oracle. */
class TokenizerProperties {
    private static final TinyTokenizer.Pair TINY = TinyTokenizer.load();
    private final Tokenizer tokenizer = TINY.ours();

    @Property
    void encodesLikeTheLibrary(@ForAll("texts") String text) {
        assertThat(tokenizer.encode(text, List.of())).isEqualTo(TINY.oracleEncode(text));
    }

    @Property
    void decodesWhatItEncoded(@ForAll("texts") String text) {
        assertThat(TinyTokenizer.decode(tokenizer, tokenizer.encode(text, everythingOf(text))))
                .isEqualTo(text);
    }

    @Property
    void literalTextNeverBecomesAControlToken(@ForAll("texts") String text) {
        assertThat(tokenizer.encode(text, everythingOf(text)))
                .doesNotContain(TinyTokenizer.END_OF_TEXT, TinyTokenizer.IM_START, TinyTokenizer.IM_END);
    }

    @Property
    void controlTokensComeFromTheTextAroundLiteralsOnly(@ForAll("prompts") List<Part> prompt) {
        StringBuilder text = new StringBuilder();
        List<TextSpan> literal = new ArrayList<>();
        for (Part part : prompt) {
            if (part.literal()) {
                literal.add(
                        new TextSpan(text.length(), text.length() + part.text().length()));
            }
            text.append(part.text());
        }
        long written = prompt.stream()
                .filter(part -> part.text().equals("<|im_end|>") && !part.literal())
                .count();
        long encoded = Arrays.stream(tokenizer.encode(text.toString(), literal))
                .filter(id -> id == TinyTokenizer.IM_END)
                .count();
        assertThat(encoded).isEqualTo(written);
    }

    @Property
    void decodesAnyIdsLikeTheLibrary(@ForAll("ids") int[] ids) {
        assertThat(TinyTokenizer.decode(tokenizer, ids)).isEqualTo(TINY.oracleDecode(ids));
    }

    @Property
    void neverReturnsHalfACharacter(@ForAll("ids") int[] ids) {
        DecodeStream stream = tokenizer.decodeStream(true);
        for (int id : ids) {
            String piece = stream.append(id);
            assertThat(WellFormedText.of(piece)).isEqualTo(piece);
        }
    }

    /** A part of a prompt: a genuine control token, text of the template, or whatever a client wrote. */
    record Part(String text, boolean literal) {}

    @Provide
    Arbitrary<List<Part>> prompts() {
        Arbitrary<Part> genuine =
                Arbitraries.of("<|im_end|>", "user\n", "assistant", " ").map(text -> new Part(text, false));
        Arbitrary<Part> client = texts().filter(text -> !text.isEmpty()).map(text -> new Part(text, true));
        return Arbitraries.oneOf(genuine, client).list().ofMaxSize(8);
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> known = Arbitraries.of(
                "<|im_start|>",
                "<|im_end|>",
                "<|endoftext|>",
                "<think>",
                "</think>",
                "<|im_",
                "end|>",
                "<|",
                ">",
                " ",
                "  ",
                "\n",
                "\r\n",
                "It's",
                "the sea",
                "größer",
                "海螺",
                "🐚",
                "👋🏽",
                "\u0301",
                "1234",
                "\u0000",
                "\uFFFD");
        Arbitrary<String> any = Arbitraries.strings().ofMaxLength(5).map(WellFormedText::of);
        return Arbitraries.frequencyOf(Tuple.of(3, known), Tuple.of(1, any))
                .list()
                .ofMaxSize(12)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<int[]> ids() {
        Arbitrary<Integer> any = Arbitraries.integers().between(0, tokenizer.vocabularySize() - 1);
        Arbitrary<Integer> singleByte = Arbitraries.integers().between(3, 258);
        return Combinators.combine(any.list().ofMaxSize(20), singleByte.list().ofMaxSize(20))
                .as((left, right) -> {
                    List<Integer> both = new ArrayList<>(left);
                    both.addAll(right);
                    return both.stream().mapToInt(Integer::intValue).toArray();
                });
    }

    private static List<TextSpan> everythingOf(String text) {
        return List.of(new TextSpan(0, text.length()));
    }
}
