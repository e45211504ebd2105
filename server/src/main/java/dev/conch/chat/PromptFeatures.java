package dev.conch.chat;

import java.util.Set;

/**
 * What a model's prompt may be made of besides messages.
 *
 * @param variables names that clients may set and that the template has
 * @param tools whether the template shows tools
 * @param documents whether the template shows documents
 * @param clientTemplates whether clients may bring a template of their own
 */
public record PromptFeatures(Set<String> variables, boolean tools, boolean documents, boolean clientTemplates) {
    static final PromptFeatures MESSAGES_ALONE = new PromptFeatures(Set.of(), false, false, false);

    public PromptFeatures {
        variables = Set.copyOf(variables);
    }
}
