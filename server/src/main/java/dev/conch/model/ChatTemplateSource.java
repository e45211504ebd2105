package dev.conch.model;

import dev.conch.chat.format.ChatFormats;
import io.micronaut.json.tree.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where a model's chat templates are. Hugging Face has kept them in several places, and all of these are read: {@code chat_template} of
 * {@code tokenizer_config.json}, as one text or as a list of named ones; {@code chat_template.jinja}, which wins over it and is the one
 * called {@code default}; {@code chat_template.json}, if there is neither; and files in {@code additional_chat_templates} or {@code chat_templates}, each named after its file.
 */
final class ChatTemplateSource {
    private static final String DEFAULT = "default";
    private static final String FILE = "chat_template.jinja";
    /** Where models that see images once kept it. */
    private static final String OF_THE_PROCESSOR = "chat_template.json";

    private static final String ENDING = ".jinja";
    private static final String[] FOLDERS = {"chat_templates", "additional_chat_templates"};

    private final ModelFolder folder;
    private final JsonNode tokenizerConfig;
    private final @Nullable String chosen;

    /** @param chosen the name of one of the model's templates, or the path of a file; null: what the model has */
    ChatTemplateSource(ModelFolder folder, JsonNode tokenizerConfig, @Nullable String chosen) {
        this.folder = folder;
        this.tokenizerConfig = tokenizerConfig;
        this.chosen = chosen;
    }

    /**
     * The templates by name, one of them {@code default}.
     *
     * @throws IOException if there is none, or none that could be the default; names the choices
     */
    Map<String, String> templates() throws IOException {
        if (chosen != null && isPath(chosen)) {
            return Map.of(DEFAULT, ModelFolder.text(Path.of(chosen)));
        }
        Map<String, String> own = own();
        if (own.isEmpty()) {
            throw noTemplate();
        }
        if (chosen != null) {
            return Map.of(DEFAULT, named(own, chosen));
        }
        named(own, DEFAULT);
        return own;
    }

    /** A name has neither a slash nor the ending. */
    private static boolean isPath(String template) {
        return template.contains("/") || template.endsWith(ENDING);
    }

    private static IOException noTemplate() {
        return new IOException("no chat template (expected: " + FILE
                + ", chat_template in tokenizer_config.json, chat-template: the path of a file, or chat-format: one of "
                + ChatFormats.builtIn().choices() + ")");
    }

    private static String named(Map<String, String> templates, String name) throws IOException {
        String template = templates.get(name);
        if (template == null) {
            throw new IOException("no chat template is called " + name + " (expected: chat-template: one of "
                    + String.join(", ", new TreeSet<>(templates.keySet())) + ", or the path of a file)");
        }
        return template;
    }

    private Map<String, String> own() throws IOException {
        var templates = new LinkedHashMap<String, String>();
        if (folder.has(FILE)) {
            templates.put(DEFAULT, folder.text(FILE));
        } else {
            addFromConfig(tokenizerConfig.get("chat_template"), templates);
        }
        if (templates.isEmpty()) {
            addFromConfig(folder.optionalJson(OF_THE_PROCESSOR).get("chat_template"), templates);
        }
        for (String inside : FOLDERS) {
            for (Path file : folder.filesIn(inside, ENDING)) {
                String name = String.valueOf(file.getFileName());
                templates.put(name.substring(0, name.length() - ENDING.length()), ModelFolder.text(file));
            }
        }
        return templates;
    }

    private static void addFromConfig(@Nullable JsonNode node, Map<String, String> templates) throws IOException {
        if (node == null || node.isNull()) {
            return;
        }
        if (node.isString()) {
            templates.put(DEFAULT, node.getStringValue());
        } else if (node.isArray()) {
            for (JsonNode element : node.values()) {
                templates.put(text(element, "name"), text(element, "template"));
            }
        } else {
            throw malformed();
        }
    }

    private static String text(JsonNode element, String field) throws IOException {
        JsonNode node = element.isObject() ? element.get(field) : null;
        if (node == null || !node.isString()) {
            throw malformed();
        }
        return node.getStringValue();
    }

    private static IOException malformed() {
        return new IOException(
                "chat_template in tokenizer_config.json is neither a text nor a list of objects with name and template");
    }
}
