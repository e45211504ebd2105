package dev.conch.model;

import io.micronaut.core.type.Argument;
import io.micronaut.json.JsonMapper;
import io.micronaut.json.tree.JsonNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The files of one model. What cannot be read is told by the file's name. */
final class ModelFolder {
    private final JsonMapper json = JsonMapper.createDefault();
    private final Path path;

    ModelFolder(Path path) {
        this.path = path;
    }

    boolean has(String name) {
        return Files.exists(path.resolve(name));
    }

    /** A file that must be there. */
    Path file(String name) throws IOException {
        return readable(path.resolve(name));
    }

    private static Path readable(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException(file.getFileName() + " cannot be read");
        }
        return file;
    }

    JsonNode json(String name) throws IOException {
        byte[] bytes = Files.readAllBytes(file(name));
        try {
            return Objects.requireNonNull(json.readValue(bytes, Argument.of(JsonNode.class)));
        } catch (IOException e) {
            throw new IOException(name + ": " + e.getMessage(), e);
        }
    }

    /** A file that need not be there; without it, an empty object. */
    JsonNode optionalJson(String name) throws IOException {
        return has(name) ? json(name) : JsonNode.createObjectNode(Map.of());
    }

    String text(String name) throws IOException {
        return text(path.resolve(name));
    }

    static String text(Path file) throws IOException {
        try {
            return Files.readString(readable(file));
        } catch (CharacterCodingException e) {
            throw new IOException(file.getFileName() + ": not a text in UTF-8", e);
        }
    }

    /** The files of a folder inside whose names end so, in the order of their names; none if there is no such folder. */
    List<Path> filesIn(String folder, String ending) throws IOException {
        Path inside = path.resolve(folder);
        if (!Files.isDirectory(inside)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(inside)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }
}
