package dev.conch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerCheckTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    @BeforeEach
    void writeTokenizer() throws IOException {
        try (InputStream tokenizer =
                Objects.requireNonNull(getClass().getResourceAsStream("/tokenizer/tokenizer.json"))) {
            Files.copy(tokenizer, folder.resolve("tokenizer.json"));
        }
    }

    @Test
    void countsTheLinesThatAreEqual() throws IOException {
        assertThat(check("the sea\n<|im_start|>user\r海螺 🐚\n\nwithout an end")).isZero();
        assertThat(out()).isEqualTo("4 passed, 0 failed\n");
    }

    @Test
    void nothingToCompareIsAFailure() throws IOException {
        assertThat(check("")).isEqualTo(1);
        assertThat(out()).isEqualTo("0 passed, 0 failed\n");
    }

    /** A JVM has the tokenizer's vectors only if it is told to. */
    @Test
    void needsNoVectors() throws IOException, InterruptedException {
        Path texts = Files.writeString(folder.resolve("texts.txt"), "the sea\nis salty\n");
        Process process = new ProcessBuilder(
                        Path.of(property("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        property("java.class.path"),
                        TokenizerCheck.class.getName(),
                        folder.resolve("tokenizer.json").toString(),
                        texts.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).doesNotContain("incubator").endsWith("2 passed, 0 failed\n");
    }

    /** The library does not clean up, so a configuration that asks for it makes a difference. */
    @Test
    void namesTheLinesThatDiffer() throws IOException {
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"clean_up_tokenization_spaces\": true,"
                        + "\"clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output\": true}");
        assertThat(check("the sea.\nthe sea .\n")).isEqualTo(1);
        assertThat(out()).isEqualTo("line 2: decodes to the sea. (expected: the sea .)\n1 passed, 1 failed\n");
    }

    @Test
    void saysWhatCannotBeRead() throws IOException {
        assertThat(run("tokenizer.json", "texts.txt")).isEqualTo(1);
        Files.write(folder.resolve("texts.txt"), new byte[] {(byte) 0xFF, '\n'});
        assertThat(run("tokenizer.json", "texts.txt")).isEqualTo(1);
        assertThat(err().lines())
                .containsOnly(folder.resolve("texts.txt") + ": cannot be read (expected: UTF-8, one text a line)");
        Files.writeString(folder.resolve("texts.txt"), "x");
        assertThat(run("nowhere.json", "texts.txt")).isEqualTo(1);
        assertThat(err()).contains("nowhere.json: tokenizer.json cannot be read");
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        assertThat(run("tokenizer.json", "texts.txt")).isEqualTo(1);
        assertThat(err()).contains("not a tokenizer.json");
        assertThat(TokenizerCheck.run(new String[0], stream(out), stream(err))).isEqualTo(2);
        assertThat(err()).contains("arguments: 0 (expected: ");
        assertThat(out()).isEmpty();
    }

    private static String property(String name) {
        return Objects.requireNonNull(System.getProperty(name));
    }

    private int check(String texts) throws IOException {
        Files.writeString(folder.resolve("texts.txt"), texts);
        return run("tokenizer.json", "texts.txt");
    }

    private int run(String tokenizerJson, String texts) {
        String[] arguments = {
            folder.resolve(tokenizerJson).toString(), folder.resolve(texts).toString()
        };
        return TokenizerCheck.run(arguments, stream(out), stream(err));
    }

    private static PrintStream stream(ByteArrayOutputStream into) {
        return new PrintStream(into, true, StandardCharsets.UTF_8);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
