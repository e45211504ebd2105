package dev.conch.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.conch.generation.TextSpan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextModelChoiceTest {
    private static final String WRONG_WORD = "größere";

    @TempDir
    Path folder;

    private Path tokenizerJson = Path.of("");

    @BeforeEach
    void writeTokenizer() throws IOException {
        tokenizerJson = TinyTokenizer.write(folder);
    }

    /** Encodes as the library does, but for texts with one word; counts what it is asked. */
    private static final class FakeOwn implements OwnTextModel, TextModel {
        private final TextModel library;
        private final boolean wrong;
        private int version = 1;
        private int encoded;
        private boolean supports = true;

        FakeOwn(Path tokenizerJson, boolean wrong) throws IOException {
            library = DjlTextModel.load(TokenizerFile.read(tokenizerJson).textModel());
            this.wrong = wrong;
        }

        @Override
        public int version() {
            return version;
        }

        @Override
        public TextModel of(JsonObject textModel) {
            if (!supports) {
                throw new TokenizerFormatException("model: Unigram (expected: BPE)");
            }
            return this;
        }

        @Override
        public void encode(String text, int from, int to, TokenIds out) {
            encoded++;
            if (wrong && text.contains(WRONG_WORD)) {
                out.add(7);
            } else {
                library.encode(text, from, to, out);
            }
        }
    }

    @Test
    void choosesOursIfItAgreesAndRemembersThat() throws IOException {
        FakeOwn own = new FakeOwn(tokenizerJson, false);
        assertThat(choose(own)).isSameAs(own);
        assertThat(own.encoded).isGreaterThan(2_000);
        assertThat(memo()).singleElement().asString().matches("[0-9a-f]{64} 1 1 \\d+: agrees");
        own.encoded = 0;
        assertThat(choose(own)).isSameAs(own);
        assertThat(own.encoded).isZero();
    }

    @Test
    void choosesTheLibraryIfOursDiffersAndRemembersThat() throws IOException {
        FakeOwn own = new FakeOwn(tokenizerJson, true);
        assertThat(choose(own)).isInstanceOf(DjlTextModel.class);
        assertThat(memo()).singleElement().asString().matches("[0-9a-f]{64} 1 1 \\d+: differs at text 4");
        own.encoded = 0;
        assertThat(choose(own)).isInstanceOf(DjlTextModel.class);
        assertThat(own.encoded).isZero();
    }

    @Test
    void choosesTheLibraryForFilesThatOursDoesNotSupport() throws IOException {
        FakeOwn own = new FakeOwn(tokenizerJson, false);
        own.supports = false;
        assertThat(choose(own)).isInstanceOf(DjlTextModel.class);
        assertThat(folder.resolve("cache")).doesNotExist();
    }

    @Test
    void aModelThatThrowsDiffers() throws IOException {
        TextModel reference =
                DjlTextModel.load(TokenizerFile.read(tokenizerJson).textModel());
        TextModel thrower = (text, from, to, out) -> {
            throw new IllegalStateException("no");
        };
        assertThat(SelfCheck.compare(thrower, reference)).hasToString("differs at text 0");
        assertThat(SelfCheck.compare(reference, reference)).hasToString("agrees");
    }

    @Test
    void anotherFileOrAnotherVersionIsCheckedAgain() throws IOException {
        FakeOwn own = new FakeOwn(tokenizerJson, false);
        choose(own);
        own.version = 2;
        own.encoded = 0;
        choose(own);
        assertThat(own.encoded).isPositive();
        Files.writeString(tokenizerJson, Files.readString(tokenizerJson) + "\n");
        own.encoded = 0;
        choose(own);
        assertThat(own.encoded).isPositive();
        assertThat(memo()).hasSize(3);
    }

    @Test
    void checksEachTimeWhereNothingCanBeRemembered() throws IOException {
        Files.writeString(folder.resolve("cache"), "a file where the folder should be");
        FakeOwn own = new FakeOwn(tokenizerJson, false);
        for (int start = 0; start < 2; start++) {
            own.encoded = 0;
            assertThat(choose(own)).isSameAs(own);
            assertThat(own.encoded).isPositive();
        }
    }

    @Test
    void whatIsNoVerdictIsNotBelieved() throws IOException {
        FakeOwn own = new FakeOwn(tokenizerJson, false);
        choose(own);
        Path file = folder.resolve("cache/tokenizer-checks.txt");
        Files.writeString(file, memo().getFirst().replace("agrees", "agree"));
        own.encoded = 0;
        choose(own);
        assertThat(own.encoded).isPositive();
    }

    @Test
    void theChosenModelEncodes() throws IOException {
        FakeOwn own = new FakeOwn(tokenizerJson, false);
        Tokenizer tokenizer = new TokenizerLoader(choice(own)).load(tokenizerJson);
        own.encoded = 0;
        assertThat(tokenizer.encode("the sea<|im_end|>", List.of(new TextSpan(0, 7))))
                .endsWith(TinyTokenizer.IM_END);
        assertThat(own.encoded).isEqualTo(1);
    }

    private TextModelChoice choice(OwnTextModel own) {
        return new TextModelChoice(own, new SelfCheckMemo(folder.resolve("cache")));
    }

    private TextModel choose(OwnTextModel own) throws IOException {
        return choice(own)
                .choose(
                        "test",
                        TokenizerLoader.sha256(tokenizerJson),
                        TokenizerFile.read(tokenizerJson).textModel());
    }

    private List<String> memo() throws IOException {
        return Files.readAllLines(folder.resolve("cache/tokenizer-checks.txt"));
    }
}
