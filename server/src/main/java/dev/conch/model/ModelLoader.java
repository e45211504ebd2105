package dev.conch.model;

import dev.conch.chat.PromptRenderer;
import dev.conch.chat.TemplatePromptRenderer;
import dev.conch.tokenizer.DjlTokenizer;
import dev.conch.tokenizer.Tokenizer;
import io.micronaut.core.type.Argument;
import io.micronaut.json.JsonMapper;
import io.micronaut.json.tree.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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

    private final JsonMapper json = JsonMapper.createDefault();
    private final InstantSource clock;

    public ModelLoader(InstantSource clock) {
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
            Tokenizer tokenizer = DjlTokenizer.load(existing(folder.resolve(TOKENIZER)));
            PromptRenderer renderer = renderer(folder, config);
            List<Integer> endTokenIds = endTokenIds(folder, config, tokenizer);
            return new ModelCard(name, engineModel, maxModelLen, renderer, tokenizer, endTokenIds, clock.instant());
        } catch (IOException | RuntimeException e) {
            throw new ModelLoadException(
                    "model " + name + ": " + e.getMessage() + " (folder " + folder + ")", e);
        }
    }
}
