package dev.conch.chat.format;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The built-in chat formats by name, from {@code chat-formats/catalogue.yaml}. Immutable, thread-safe. */
public final class ChatFormats {
    private static final String FOLDER = "/chat-formats/";
    private static final String CATALOGUE = "catalogue.yaml";

    private final List<ChatFormat> formats;
    private final Map<String, ChatFormat> byName = new LinkedHashMap<>();

    private ChatFormats(List<ChatFormat> formats) {
        this.formats = List.copyOf(formats);
        formats.forEach(format -> names(format).forEach(name -> enter(name, format)));
    }

    /**
     * Reads the catalogue. Takes some milliseconds, so that it is done only for a model that needs it.
     *
     * @throws IllegalStateException if the catalogue in this build is broken; a test holds it whole
     */
    public static ChatFormats builtIn() {
        Object root = new Yaml(new SafeConstructor(new LoaderOptions())).load(resource(CATALOGUE));
        List<CatalogueEntry> entries = CatalogueEntry.of(root).entries("formats");
        return new ChatFormats(entries.stream()
                .map(entry -> entry.chatFormat(resource(entry.text("template"))))
                .toList());
    }

    /** All of them, in the order of the catalogue. */
    public List<ChatFormat> all() {
        return formats;
    }

    /** Finds a format by its name, or by another name for it. */
    public Optional<ChatFormat> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The names that the catalogue gives first, for a message that tells the choices. */
    public String choices() {
        return String.join(", ", formats.stream().map(ChatFormat::name).toList());
    }

    private static Stream<String> names(ChatFormat format) {
        return Stream.concat(Stream.of(format.name()), format.aliases().stream());
    }

    private void enter(String name, ChatFormat format) {
        if (byName.put(name, format) != null) {
            throw new IllegalStateException("chat format " + name + ": a second time (expected: each name once)");
        }
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(ChatFormats.class.getResourceAsStream(FOLDER + name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
