package dev.conch.tokenizer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;

/** The committed tokenizer and variants of it, loaded as ours and as the Hugging Face library's own: the oracle. */
final class TinyTokenizer {
    /** What the server uses, with nothing remembered. */
    static final TokenizerLoader LOADER = TokenizerLoader.remembering(new SelfCheckMemo(newFolder()));

    static final int END_OF_TEXT = 0;
    static final int IM_START = 1;
    static final int IM_END = 2;
    static final int THINK = 640;

    private TinyTokenizer() {}

    /** Ours and the oracle for one file. */
    record Pair(Tokenizer ours, ReferenceTokenizer oracle) {
        int[] oracleEncode(String text) {
            return oracle.encode(text);
        }

        String oracleDecode(int[] ids) {
            return oracle.decode(ids, true);
        }
    }

    static Pair load() {
        return load(_ -> {});
    }

    private static Path newFolder() {
        try {
            Path folder = Files.createTempDirectory("tokenizer-checks");
            folder.toFile().deleteOnExit();
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the committed file into a folder. */
    static Path write(Path folder) throws IOException {
        return Files.writeString(
                folder.resolve("tokenizer.json"), read("tokenizer.json").toString());
    }

    /** A file that was changed before it was loaded. */
    static Pair load(Consumer<JsonObject> change) {
        JsonObject json = read("tokenizer.json").getAsJsonObject();
        change.accept(json);
        try {
            return pair(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Any file. */
    static Pair pair(JsonObject json) throws IOException {
        Path file = Files.createTempFile("tokenizer", ".json");
        try {
            Files.writeString(file, json.toString());
            return new Pair(LOADER.load(file), ReferenceTokenizer.load(file));
        } finally {
            Files.delete(file);
        }
    }

    /** Texts and the ids that the library encoded them to when the fixture was made. */
    static JsonArray golden() {
        return read("golden.json").getAsJsonArray();
    }

    /** All tokens of a sequence, one by one. */
    static String decode(Tokenizer tokenizer, int[] ids) {
        return decode(tokenizer, ids, true);
    }

    static String decode(Tokenizer tokenizer, int[] ids, boolean skipSpecialTokens) {
        DecodeStream stream = tokenizer.decodeStream(skipSpecialTokens);
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(stream.append(id));
        }
        return text.append(stream.finish()).toString();
    }

    static JsonObject addedToken(JsonObject json, int id) {
        return json.getAsJsonArray("added_tokens").asList().stream()
                .map(token -> token.getAsJsonObject())
                .filter(token -> token.get("id").getAsInt() == id)
                .findFirst()
                .orElseThrow();
    }

    private static JsonElement read(String name) {
        try (Reader reader = new InputStreamReader(
                Objects.requireNonNull(TinyTokenizer.class.getResourceAsStream("/tokenizer/" + name)),
                StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
