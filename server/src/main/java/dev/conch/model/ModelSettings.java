package dev.conch.model;

import dev.conch.chat.TemplatePolicy;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What an operator says about a model.
 *
 * @param name what clients say
 * @param folder where its files are
 * @param engineModel its name inside the engine
 * @param maxModelLen most tokens of prompt and answer together
 * @param chatFormat a built-in chat format to take instead of the model's own template; null: none
 * @param chatTemplate the name of one of the model's templates, or the path of a file; null: what the model has
 * @param formats how it writes calls and reasoning
 */
public record ModelSettings(
        String name,
        Path folder,
        String engineModel,
        int maxModelLen,
        @Nullable String chatFormat,
        @Nullable String chatTemplate,
        TemplatePolicy templatePolicy,
        FormatSettings formats) {}
