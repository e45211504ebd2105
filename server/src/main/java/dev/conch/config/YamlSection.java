package dev.conch.config;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A mapping in the configuration file that remembers which of its keys were asked for, and where each stands. Faults are collected. */
final class YamlSection {
    private final String file;
    private final String path;
    private final int line;
    private final List<String> faults;
    private final Map<String, NodeTuple> entries = new LinkedHashMap<>();
    private final Set<String> known = new TreeSet<>();

    private YamlSection(String file, String path, int line, @Nullable Node node, List<String> faults) {
        this.file = file;
        this.path = path;
        this.line = line;
        this.faults = faults;
        if (node instanceof MappingNode mapping) {
            mapping.getValue().forEach(this::enter);
        } else if (node != null && !isNull(node)) {
            faults.add(file + ":" + line(node) + " " + path + ": not a mapping (expected: keys with values)");
        }
    }

    private void enter(NodeTuple tuple) {
        if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
            faults.add(file + ":" + line(tuple.getKeyNode()) + " " + path + ": a key that is not a text");
        } else if (entries.putIfAbsent(key.getValue(), tuple) != null) {
            faults.add(file + ":" + line(key) + " " + pathOf(key.getValue())
                    + ": a second time (expected: each key once)");
        }
    }

    static YamlSection root(String file, @Nullable Node node, List<String> faults) {
        return new YamlSection(file, "", 1, node, faults);
    }

    YamlSection section(String key) {
        Node node = value(key);
        return new YamlSection(file, pathOf(key), node == null ? line : line(node), node, faults);
    }

    List<YamlSection> sections(String key) {
        var sections = new ArrayList<YamlSection>();
        for (Node node : elements(key)) {
            sections.add(new YamlSection(file, pathOf(key) + "[" + sections.size() + "]", line(node), node, faults));
        }
        return sections;
    }

    String text(String key, String defaultValue) {
        return optionalText(key).orElse(defaultValue);
    }

    Optional<String> optionalText(String key) {
        Node node = value(key);
        if (node == null) {
            return Optional.empty();
        }
        if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
            return Optional.of(scalar.getValue());
        }
        fault(key, "not a text");
        return Optional.empty();
    }

    /** Never absent: where the key is missing the example stands in, and the fault is told. */
    String requiredText(String key, String example) {
        Optional<String> text = optionalText(key);
        if (text.isEmpty()) {
            fault(key, "missing (expected: a text such as " + example + ")");
        }
        return text.orElse(example);
    }

    List<String> texts(String key, List<String> defaultValue) {
        if (value(key) == null) {
            return defaultValue;
        }
        return elements(key).stream().flatMap(node -> text(key, node).stream()).toList();
    }

    private Optional<String> text(String key, Node node) {
        if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
            return Optional.of(scalar.getValue());
        }
        fault(key, "not a list of texts");
        return Optional.empty();
    }

    /** One of a few words; the first is the default. */
    String oneOf(String key, List<String> words) {
        String text = text(key, words.getFirst());
        if (!words.contains(text)) {
            fault(key, text + " (expected: one of " + String.join(", ", words) + ")");
        }
        return text;
    }

    boolean flag(String key, boolean defaultValue) {
        return Boolean.parseBoolean(flagText(key).orElse(Boolean.toString(defaultValue)));
    }

    private Optional<String> flagText(String key) {
        Optional<String> text = optionalText(key);
        if (text.isPresent() && !Set.of("true", "false").contains(text.get())) {
            fault(key, text.get() + " (expected: true or false)");
        }
        return text;
    }

    int integer(String key, int defaultValue, int min, int max) {
        return optionalText(key).map(text -> integer(key, text, min, max)).orElse(defaultValue);
    }

    /** A whole number without a default. */
    Optional<Integer> optionalInteger(String key, int min, int max) {
        return optionalText(key).map(text -> integer(key, text, min, max));
    }

    private int integer(String key, String text, int min, int max) {
        try {
            int value = Integer.parseInt(text.replace("_", ""));
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // falls through: no number is the same fault as one out of range
        }
        fault(key, text + " (expected: a whole number from " + min + " to " + max + ")");
        return min;
    }

    /** Written as {@code 500ms}, {@code 30s}, {@code 2m}, or as ISO 8601. */
    Duration duration(String key, Duration defaultValue) {
        return optionalText(key).map(text -> duration(key, text, false)).orElse(defaultValue);
    }

    /** Likewise, and zero has a meaning. */
    Duration durationOrZero(String key, Duration defaultValue) {
        return optionalText(key).map(text -> duration(key, text, true)).orElse(defaultValue);
    }

    /** A duration without a default. */
    Optional<Duration> optionalDuration(String key) {
        return optionalText(key).map(text -> duration(key, text, false));
    }

    private Duration duration(String key, String text, boolean orZero) {
        try {
            Duration duration = parseDuration(text.toUpperCase(Locale.ROOT));
            if (duration.isPositive() || (orZero && duration.isZero())) {
                return duration;
            }
        } catch (DateTimeParseException | NumberFormatException e) {
            // falls through: unreadable is the same fault as not positive
        }
        fault(key, text + " (expected: a duration" + (orZero ? "" : " above 0") + ", such as 500ms, 30s or 2m)");
        return Duration.ofSeconds(1);
    }

    private static Duration parseDuration(String text) {
        if (text.endsWith("MS")) {
            return Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)));
        }
        return Duration.parse(text.startsWith("P") ? text : "PT" + text);
    }

    void fault(String key, String problem) {
        NodeTuple tuple = entries.get(key);
        int at = tuple == null ? line : line(tuple.getKeyNode());
        faults.add(file + ":" + at + " " + pathOf(key) + ": " + problem);
    }

    void refuseUnknownKeys() {
        for (String key : entries.keySet()) {
            if (!known.contains(key)) {
                fault(key, "unknown key (expected: one of " + String.join(", ", known) + ")");
            }
        }
    }

    private List<Node> elements(String key) {
        Node node = value(key);
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        if (node != null) {
            fault(key, "not a list");
        }
        return List.of();
    }

    private @Nullable Node value(String key) {
        known.add(key);
        NodeTuple tuple = entries.get(key);
        return tuple == null || isNull(tuple.getValueNode()) ? null : tuple.getValueNode();
    }

    private String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static boolean isNull(Node node) {
        return Tag.NULL.equals(node.getTag());
    }

    private static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }
}
