package dev.conch.model;

import java.nio.file.Path;

/**
 * What an operator says about a model.
 *
 * @param name what clients say
 * @param folder where its files are
 * @param engineModel its name inside the engine
 * @param maxModelLen most tokens of prompt and answer together
 */
public record ModelSettings(
        String name, Path folder, String engineModel, int maxModelLen, TemplateSettings templates) {}
