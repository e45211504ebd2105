package dev.conch.output.toolcall.registry;

import static java.util.stream.Collectors.joining;

import dev.conch.output.toolcall.ToolFormat;
import dev.conch.output.toolcall.functionary.FunctionaryFormat;
import dev.conch.output.toolcall.harmony.HarmonyFormat;
import dev.conch.output.toolcall.json.JsonDialects;
import dev.conch.output.toolcall.pythonic.PythonicDialects;
import dev.conch.output.toolcall.section.SectionDialects;
import dev.conch.output.toolcall.xml.XmlDialects;
import java.util.Collection;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The dialects of tool calling that there are. A new one is a line in the list of its shape; a new shape is a line here. */
public final class ToolFormats {
    private static final SequencedMap<String, ToolFormat> BY_NAME = byName(Stream.of(
                    List.<ToolFormat>of(FunctionaryFormat.V32, HarmonyFormat.HARMONY),
                    JsonDialects.ALL,
                    PythonicDialects.ALL,
                    SectionDialects.ALL,
                    XmlDialects.ALL)
            .flatMap(Collection::stream)
            .toList());

    private ToolFormats() {}

    /**
     * Finds a dialect.
     *
     * @throws IllegalArgumentException if there is none of that name; the message names all there are
     */
    public static ToolFormat byName(String name) {
        ToolFormat format = BY_NAME.get(name);
        if (format == null) {
            throw new IllegalArgumentException(
                    name + names().stream().collect(joining(", ", " (expected: one of ", ")")));
        }
        return format;
    }

    /** The names of all dialects, in alphabetical order. */
    public static List<String> names() {
        return List.copyOf(BY_NAME.sequencedKeySet());
    }

    private static SequencedMap<String, ToolFormat> byName(List<ToolFormat> formats) {
        SequencedMap<String, ToolFormat> byName = new TreeMap<>();
        for (ToolFormat format : formats) {
            if (byName.put(format.name(), format) != null) {
                throw new IllegalStateException("two dialects are called " + format.name());
            }
        }
        return byName;
    }
}
