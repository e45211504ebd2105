package dev.conch.chat.format;

import dev.conch.chat.format.ChatFormat.SystemMessages;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One entry of the catalogue. The catalogue is part of the build, so that whatever is wrong with it is a fault of the program. */
final class CatalogueEntry {
    private static final Set<String> FIELDS = Set.of(
            "name",
            "aliases",
            "title",
            "template",
            "variables",
            "default-tokens",
            "end-tokens",
            "stop",
            "system",
            "tools",
            "source",
            "notes");

    private final Map<?, ?> fields;

    private CatalogueEntry(Map<?, ?> fields) {
        this.fields = fields;
    }

    static CatalogueEntry of(@Nullable Object node) {
        if (node instanceof Map<?, ?> fields) {
            return new CatalogueEntry(fields);
        }
        throw new IllegalStateException("catalogue: " + node + " (expected: a mapping)");
    }

    List<CatalogueEntry> entries(String key) {
        return list(key).stream().map(CatalogueEntry::of).toList();
    }

    /** The format that this entry describes, if all of its fields are known. */
    ChatFormat chatFormat(String template) {
        fields.keySet().forEach(this::check);
        return new ChatFormat(
                text("name"),
                texts("aliases"),
                text("title"),
                template,
                textsByName("variables"),
                textsByName("default-tokens"),
                texts("end-tokens"),
                texts("stop"),
                SystemMessages.valueOf(text("system").toUpperCase(Locale.ROOT)),
                Boolean.TRUE.equals(fields.get("tools")),
                text("source"),
                optionalText("notes"));
    }

    private void check(@Nullable Object field) {
        if (!(field instanceof String name) || !FIELDS.contains(name)) {
            throw new IllegalStateException("catalogue: " + fields.get("name") + ": " + field + ": unknown field");
        }
    }

    String text(String key) {
        String text = optionalText(key);
        if (text.isEmpty()) {
            throw new IllegalStateException("catalogue: " + fields.get("name") + ": " + key + ": missing");
        }
        return text;
    }

    private String optionalText(String key) {
        return fields.get(key) instanceof String text ? text : "";
    }

    private List<String> texts(String key) {
        return list(key).stream().map(String::valueOf).toList();
    }

    private Map<String, String> textsByName(String key) {
        var texts = new LinkedHashMap<String, String>();
        if (fields.get(key) instanceof Map<?, ?> map) {
            map.forEach((name, text) -> texts.put(String.valueOf(name), String.valueOf(text)));
        }
        return texts;
    }

    private List<?> list(String key) {
        return fields.get(key) instanceof List<?> list ? list : List.of();
    }
}
