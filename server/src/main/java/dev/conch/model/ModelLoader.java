package dev.conch.model;

import dev.conch.chat.PromptRenderer;
import dev.conch.chat.TemplatePolicy;
import dev.conch.chat.TemplatePromptRenderer;
import dev.conch.tokenizer.Tokenizer;
import dev.conch.tokenizer.TokenizerLoader;
import io.micronaut.json.tree.JsonNode;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a card of a model's folder as Hugging Face lays it out: {@code tokenizer.json}, {@code tokenizer_config.json}, its
 * chat templates ({@link ChatTemplateSource}) and optionally {@code generation_config.json} (end tokens). A built-in chat format stands
 * in for the templates where the operator names one ({@link FittedFormat}).
 */
public final class ModelLoader {
    private static final Logger LOG = LoggerFactory.getLogger(ModelLoader.class);

    private static final String TOKENIZER = "tokenizer.json";
    private static final String TOKENIZER_CONFIG = "tokenizer_config.json";
    private static final String GENERATION_CONFIG = "generation_config.json";

    private final Clock clock;

    public ModelLoader(Clock clock) {
        this.clock = clock;
    }

    /**
     * Loads models, in that order.
     *
     * @throws ModelLoadException naming all that cannot be loaded
     */
    public List<ModelCard> loadAll(List<ModelSettings> models) {
        var cards = new ArrayList<ModelCard>();
        var faults = new ArrayList<ModelLoadException>();
        for (ModelSettings model : models) {
            try {
                cards.add(load(model));
            } catch (ModelLoadException e) {
                faults.add(e);
            }
        }
        if (!faults.isEmpty()) {
            throw ModelLoadException.of(faults);
        }
        return cards;
    }

    /**
     * Loads one model.
     *
     * @throws ModelLoadException naming the model, the file and what is wrong with it
     */
    public ModelCard load(ModelSettings settings) {
        var folder = new ModelFolder(settings.folder());
        try {
            JsonNode config = folder.json(TOKENIZER_CONFIG);
            SpecialTokens specialTokens = SpecialTokens.of(folder, config);
            Tokenizer tokenizer =
                    TokenizerLoader.standard().load(settings.folder().resolve(TOKENIZER));
            FittedFormat format = chatFormat(settings, specialTokens, tokenizer);
            List<Integer> endTokenIds =
                    endTokenIds(folder, specialTokens, tokenizer, format == null ? Set.of() : format.endTokenIds());
            List<String> stopSequences = format == null ? List.of() : format.stopSequences();
            Map<String, String> templates = templates(folder, config, settings, format);
            Map<String, ?> variables = format == null ? specialTokens.variables() : format.variables();
            DetectedFormats formats = formats(settings, templates, variables);
            return new ModelCard(
                    settings.name(),
                    settings.engineModel(),
                    settings.maxModelLen(),
                    renderer(templates, variables, settings.templatePolicy(), formats),
                    tokenizer,
                    endTokenIds,
                    stopSequences,
                    answerFormats(settings, formats, tokenizer),
                    identity(folder, settings, templates, endTokenIds, stopSequences),
                    clock.instant());
        } catch (IOException | RuntimeException | LinkageError e) {
            throw new ModelLoadException(
                    "model " + settings.name() + ": " + e.getMessage() + " (folder " + settings.folder() + ")", e);
        }
    }

    /** What the operator says wins over a template in the folder. */
    private static @Nullable FittedFormat chatFormat(
            ModelSettings settings, SpecialTokens specialTokens, Tokenizer tokenizer) throws IOException {
        String name = settings.chatFormat();
        if (name == null) {
            return null;
        }
        FittedFormat format = FittedFormat.of(name, specialTokens.variables(), tokenizer);
        LOG.info(
                "model {}: prompts in the built-in chat format {}, not by a template in its folder",
                settings.name(),
                name);
        return format;
    }

    private static DetectedFormats formats(
            ModelSettings settings, Map<String, String> templates, Map<String, ?> variables) {
        return settings.formats().choose(DetectedFormats.of(templates.values(), variables));
    }

    private static AnswerFormats answerFormats(ModelSettings settings, DetectedFormats names, Tokenizer tokenizer) {
        AnswerFormats formats = AnswerFormats.of(names, settings.formats().reasoningField(), tokenizer);
        LOG.info("model {}: {}", settings.name(), formats.describe());
        return formats;
    }

    private PromptRenderer renderer(
            Map<String, String> templates, Map<String, ?> variables, TemplatePolicy policy, DetectedFormats formats) {
        TemplatePolicy ofTheModel = formats.reasoning() == null ? policy : policy.withReasoning();
        return new TemplatePromptRenderer(templates, variables, ofTheModel, clock);
    }

    private static Map<String, String> templates(
            ModelFolder folder, JsonNode config, ModelSettings settings, @Nullable FittedFormat format)
            throws IOException {
        return format == null
                ? new ChatTemplateSource(folder, config, settings.chatTemplate()).templates()
                : Map.of("default", format.template());
    }

    private static String identity(
            ModelFolder folder,
            ModelSettings settings,
            Map<String, String> templates,
            List<Integer> endTokenIds,
            List<String> stopSequences)
            throws IOException {
        var fingerprint = new Fingerprint()
                .add(settings.name())
                .add(settings.engineModel())
                .add(folder.file(TOKENIZER))
                .add(endTokenIds.toString());
        stopSequences.forEach(fingerprint::add);
        new TreeMap<>(templates)
                .forEach((name, template) -> fingerprint.add(name).add(template));
        return fingerprint.hex();
    }

    private static List<Integer> endTokenIds(
            ModelFolder folder, SpecialTokens specialTokens, Tokenizer tokenizer, Set<Integer> ofTheFormat)
            throws IOException {
        var ids = new LinkedHashSet<Integer>();
        addIds(ids, folder.optionalJson(GENERATION_CONFIG).get("eos_token_id"));
        if (ids.isEmpty()) {
            addEncoded(ids, specialTokens.endToken(), tokenizer);
        }
        ids.addAll(ofTheFormat);
        if (ids.isEmpty()) {
            throw new IOException("no end token (expected: eos_token_id in " + GENERATION_CONFIG
                    + ", or an eos_token of one id in " + TOKENIZER_CONFIG + ")");
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

    private static void addEncoded(Set<Integer> ids, @Nullable String token, Tokenizer tokenizer) {
        int[] encoded = token == null ? new int[0] : tokenizer.encode(token, List.of());
        if (encoded.length == 1) {
            ids.add(encoded[0]);
        }
    }
}
