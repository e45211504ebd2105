package dev.conch.chat.format;

import java.util.List;
import java.util.Map;

/**
 * A built-in chat format: a template and what it needs to know of a model. Immutable, thread-safe. The catalogue says what each field
 * means to somebody who writes an entry.
 *
 * @param name what the configuration says
 * @param aliases other names for it
 * @param title whose format it is
 * @param template the template's source
 * @param variables texts for the template, by name
 * @param defaultTokens special tokens that the template writes, by the names that templates use, for a model that names none
 * @param endTokens texts of tokens that end the model's turn, the main one first; the end of sequence is not among them
 * @param stopSequences texts that end the model's turn
 * @param systemMessages where a system message may stand
 * @param tools whether tools can be offered and called
 * @param source where the facts are from, and with what the prompts were compared
 * @param notes choices that were made; may be empty
 */
public record ChatFormat(
        String name,
        List<String> aliases,
        String title,
        String template,
        Map<String, String> variables,
        Map<String, String> defaultTokens,
        List<String> endTokens,
        List<String> stopSequences,
        SystemMessages systemMessages,
        boolean tools,
        String source,
        String notes) {

    public ChatFormat {
        aliases = List.copyOf(aliases);
        variables = Map.copyOf(variables);
        defaultTokens = Map.copyOf(defaultTokens);
        endTokens = List.copyOf(endTokens);
        stopSequences = List.copyOf(stopSequences);
    }

    /** Its name: a template is too long for a log. */
    @Override
    public String toString() {
        return name;
    }

    /** Where a system message may stand. */
    public enum SystemMessages {
        /** Nowhere. */
        NO,
        /** One, before all other messages. */
        FIRST,
        /** Anywhere, and as many as there are. */
        ANYWHERE
    }
}
