package dev.conch.chat;

import java.util.Set;

/**
 * What an operator decides about a model's template.
 *
 * @param contentFormat what the template is given as a message's content
 * @param variables names that clients may set by {@code chat_template_kwargs}
 * @param clientTemplates whether clients may bring a template of their own
 * @param reasons whether the model reasons, so that clients may turn that on and off where the template has a switch
 */
public record TemplatePolicy(
        ContentFormat contentFormat, Set<String> variables, boolean clientTemplates, boolean reasons) {
    /** Content as the template takes it, and nothing for clients to decide. */
    public static final TemplatePolicy DEFAULT = new TemplatePolicy(ContentFormat.AUTO, Set.of(), false);

    public TemplatePolicy {
        variables = Set.copyOf(variables);
    }

    /** For a model that does not reason, as far as is known. */
    public TemplatePolicy(ContentFormat contentFormat, Set<String> variables, boolean clientTemplates) {
        this(contentFormat, variables, clientTemplates, false);
    }

    /** The same for a model that reasons. */
    public TemplatePolicy withReasoning() {
        return new TemplatePolicy(contentFormat, variables, clientTemplates, true);
    }
}
