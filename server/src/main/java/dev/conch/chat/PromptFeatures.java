package dev.conch.chat;

import java.util.Set;

/**
 * What a model's prompt may be made of besides messages.
 *
 * @param variables names that clients may set and that the template has
 * @param parameters of a request that the template obeys, of {@code reasoning_effort} and {@code verbosity}
 * @param tools whether the template shows tools
 * @param documents whether the template shows documents
 * @param clientTemplates whether clients may bring a template of their own
 */
public record PromptFeatures(
        Set<String> variables, Set<String> parameters, boolean tools, boolean documents, boolean clientTemplates) {
    static final PromptFeatures MESSAGES_ALONE = new PromptFeatures(Set.of(), Set.of(), false, false, false);

    public PromptFeatures {
        variables = Set.copyOf(variables);
        parameters = Set.copyOf(parameters);
    }
}
