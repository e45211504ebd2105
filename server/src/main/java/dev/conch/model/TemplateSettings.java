package dev.conch.model;

import dev.conch.chat.ContentFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a model's prompts are made, as far as its operator decides it.
 *
 * @param template the name of one of the model's templates, or the path of a file; null: what the model has
 * @param contentFormat what the template is given as a message's content
 * @param variables names that clients may set by {@code chat_template_kwargs}
 * @param clientTemplates whether clients may bring a template of their own
 */
public record TemplateSettings(
        @Nullable String template, ContentFormat contentFormat, Set<String> variables, boolean clientTemplates) {
    /** Everything as the model has it, and nothing for clients to decide. */
    public static final TemplateSettings DEFAULT = new TemplateSettings(null, ContentFormat.AUTO, Set.of(), false);

    public TemplateSettings {
        variables = Set.copyOf(variables);
    }

    /** Whether a {@code template} is meant as a path: a name has neither a slash nor the ending. */
    static boolean isPath(String template) {
        return template.contains("/") || template.endsWith(".jinja");
    }
}
