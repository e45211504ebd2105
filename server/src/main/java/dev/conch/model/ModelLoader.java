package dev.conch.model;

import dev.conch.chat.PromptRenderer;
import dev.conch.chat.TemplatePromptRenderer;
import dev.conch.tokenizer.Tokenizer;
import dev.conch.tokenizer.TokenizerLoader;
import io.micronaut.core.type.Argument;
import io.micronaut.json.JsonMapper;
import io.micronaut.json.tree.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes a card of a model's folder as Hugging Face lays it out: {@code tokenizer.json}, {@code tokenizer_config.json}, optionally
 * {@code chat_template.jinja} (it wins over a template in the config) and {@code generation_config.json} (end tokens).
 */
public final class ModelLoader {
    private static final String TOKENIZER = "tokenizer.json";
    private static final String TOKENIZER_CONFIG = "tokenizer_config.json";
    private static final String CHAT_TEMPLATE = "chat_template.jinja";
    private static final String GENERATION_CONFIG = "generation_config.json";

    private static final List<String> SPECIAL_TOKENS = List.of("bos_token", "eos_token", "unk_token", "pad_token");

    private final JsonMapper json = JsonMapper.createDefault();
    private final Clock clock;

    public ModelLoader(Clock clock) {
        this.clock = clock;
    }

    /**
     * Loads one model.
     *
     * @param name what clients say
     * @throws ModelLoadException naming the model, the file and what is wrong with it
     */
    public ModelCard load(String name, Path folder, String engineModel, int maxModelLen) {
        try {
            JsonNode config = readJson(folder.resolve(TOKENIZER_CONFIG));
            Tokenizer tokenizer = TokenizerLoader.standard().load(folder.resolve(TOKENIZER));
            PromptRenderer renderer = renderer(folder, config);
            List<Integer> endTokenIds = endTokenIds(folder, config, tokenizer);
            return new ModelCard(name, engineModel, maxModelLen, renderer, tokenizer, endTokenIds, clock.instant());
        } catch (IOException | RuntimeException | LinkageError e) {
            throw new ModelLoadException("model " + name + ": " + e.getMessage() + " (folder " + folder + ")", e);
        }
    }

    private PromptRenderer renderer(Path folder, JsonNode config) throws IOException {
        Path file = folder.resolve(CHAT_TEMPLATE);
        JsonNode inConfig = config.get("chat_template");
        if (Files.exists(file)) {
            return new TemplatePromptRenderer(Files.readString(file), specialTokens(config), clock);
        }
        if (inConfig != null && inConfig.isString()) {
            return new TemplatePromptRenderer(inConfig.getStringValue(), specialTokens(config), clock);
        }
        throw new IOException("no chat template (expected: " + CHAT_TEMPLATE + ", or a text chat_template in "
                + TOKENIZER_CONFIG + ")");
    }

    /** Templates name these; a token is written as its text, or as an object with its text as content. */
    private static Map<String, String> specialTokens(JsonNode config) {
        var tokens = new TreeMap<String, String>();
        for (String name : SPECIAL_TOKENS) {
            String text = tokenText(config.get(name));
            if (text != null) {
                tokens.put(name, text);
            }
        }
        return tokens;
    }

    private static @Nullable String tokenText(@Nullable JsonNode token) {
        if (token == null || token.isNull()) {
            return null;
        }
        return token.isObject() ? tokenText(token.get("content")) : token.coerceStringValue();
    }

    private List<Integer> endTokenIds(Path folder, JsonNode config, Tokenizer tokenizer) throws IOException {
        Path file = folder.resolve(GENERATION_CONFIG);
        var ids = new LinkedHashSet<Integer>();
        if (Files.exists(file)) {
            addIds(ids, readJson(file).get("eos_token_id"));
        }
        if (ids.isEmpty()) {
            addEncoded(ids, tokenText(config.get("eos_token")), tokenizer);
        }
        for (int id : ids) {
            if (id < 0 || id >= tokenizer.vocabularySize()) {
                throw new IOException("end token " + id + " is not in the vocabulary of " + tokenizer.vocabularySize());
            }
        }
        return List.copyOf(ids);
    }

    private static void addIds(Set<Integer> ids, @Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return;
        }
        if (node.isArray()) {
            node.values().forEach(element -> addIds(ids, element));
        } else {
            ids.add(node.getIntValue());
        }
    }

    private static void addEncoded(Set<Integer> ids, @Nullable String token, Tokenizer tokenizer) throws IOException {
        int[] encoded = token == null ? new int[0] : tokenizer.encode(token, List.of());
        if (encoded.length != 1) {
            throw new IOException("no end token (expected: eos_token_id in " + GENERATION_CONFIG
                    + ", or an eos_token of one id in " + TOKENIZER_CONFIG + ")");
        }
        ids.add(encoded[0]);
    }

    private JsonNode readJson(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(existing(file));
        try {
            return Objects.requireNonNull(json.readValue(bytes, Argument.of(JsonNode.class)));
        } catch (IOException e) {
            throw new IOException(file.getFileName() + ": " + e.getMessage(), e);
        }
    }

    private static Path existing(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException(file.getFileName() + " cannot be read");
        }
        return file;
    }
}
