package dev.conch.model;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a model's chat templates tell of how it writes. A template shows the model earlier answers as the model writes them, so it has the
 * markers of its format in it.
 *
 * @param tools the format of its tool calls; null: none that is known
 * @param reasoning the format of its reasoning; null: none that is known
 */
public record DetectedFormats(
        @Nullable String tools, @Nullable String reasoning) {
    private static final Pattern COMMENT = Pattern.compile("\\{#.*?#}", Pattern.DOTALL);

    /**
     * Looks at the sources of templates.
     *
     * @param templates all that the model has
     * @param variables what the templates are given; the texts among them count where a template joins them to a text of its own
     */
    public static DetectedFormats of(Collection<String> templates, Map<String, ?> variables) {
        String source = COMMENT.matcher(String.join("\n", templates)).replaceAll("");
        for (Map.Entry<String, ?> variable : variables.entrySet()) {
            source = source.replace("' + " + variable.getKey() + " + '", String.valueOf(variable.getValue()));
        }
        return new DetectedFormats(first(FormatRule.TOOLS, source), first(FormatRule.REASONING, source));
    }

    private static @Nullable String first(List<FormatRule> rules, String source) {
        for (FormatRule rule : rules) {
            if (rule.fits(source)) {
                return rule.format();
            }
        }
        return null;
    }
}
