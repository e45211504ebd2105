package dev.conch.model;

import dev.conch.chat.format.ChatFormat;
import dev.conch.chat.format.ChatFormats;
import dev.conch.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A built-in chat format as one model can have it: what the model's files say of special tokens comes first, and what the format knows is
 * taken only if the model's tokenizer has it as a token.
 *
 * @param template the format's template
 * @param variables what the template is given: special tokens and the format's own texts
 * @param endTokenIds tokens with which the model ends its turn, besides those that its files name
 * @param stopSequences texts with which it ends its turn
 */
record FittedFormat(
        String template, Map<String, Object> variables, Set<Integer> endTokenIds, List<String> stopSequences) {
    private static final Logger LOG = LoggerFactory.getLogger(FittedFormat.class);

    private static final String BOS = "bos_token";
    private static final String EOS = "eos_token";

    /**
     * Finds a format by name and fits it to a model.
     *
     * @param specialTokens the model's own, by the names that templates use
     * @throws IOException if there is no such format, or if the model has no end of sequence and the format cannot do without
     */
    static FittedFormat of(String name, Map<String, ?> specialTokens, Tokenizer tokenizer) throws IOException {
        ChatFormats formats = ChatFormats.builtIn();
        ChatFormat format = formats.find(name)
                .orElseThrow(() ->
                        new IOException("chat-format: " + name + " (expected: one of " + formats.choices() + ")"));
        return of(format, specialTokens, tokenizer);
    }

    private static FittedFormat of(ChatFormat format, Map<String, ?> specialTokens, Tokenizer tokenizer)
            throws IOException {
        Map<String, Object> variables = new HashMap<>(format.variables());
        variables.putAll(specialTokens);
        for (Map.Entry<String, String> token : format.defaultTokens().entrySet()) {
            if (!variables.containsKey(token.getKey())) {
                variables.put(token.getKey(), defaultToken(format, token.getKey(), token.getValue(), tokenizer));
            }
        }
        Stream<String> eos = format.defaultTokens().containsKey(EOS)
                ? Stream.of(String.valueOf(variables.get(EOS)))
                : Stream.empty();
        List<String> endTokens = Stream.concat(eos, format.endTokens().stream()).toList();
        return new FittedFormat(
                format.template(), variables, ids(endTokens, tokenizer), stopSequences(format, endTokens, tokenizer));
    }

    /** A model without a beginning of sequence was trained without, and its prompts have none. */
    private static String defaultToken(ChatFormat format, String name, String text, Tokenizer tokenizer)
            throws IOException {
        if (isToken(text, tokenizer)) {
            return text;
        }
        if (name.equals(BOS)) {
            LOG.info("chat-format {}: prompts have no {}, because the tokenizer has no {}", format.name(), name, text);
            return "";
        }
        throw new IOException("chat-format: " + format.name() + ": no " + name + " (expected: " + name
                + " in tokenizer_config.json, or a tokenizer with the token " + text + ")");
    }

    private static Set<Integer> ids(List<String> tokens, Tokenizer tokenizer) {
        var ids = new LinkedHashSet<Integer>();
        tokens.stream()
                .filter(token -> isToken(token, tokenizer))
                .forEach(token -> ids.add(tokenizer.encode(token, List.of())[0]));
        return ids;
    }

    /** The main end token must not be missed: where it is not a token, the model can still write it out. */
    private static List<String> stopSequences(ChatFormat format, List<String> endTokens, Tokenizer tokenizer) {
        var stopSequences = new ArrayList<>(format.stopSequences());
        endTokens.stream().limit(1).filter(token -> !isToken(token, tokenizer)).forEach(token -> {
            LOG.info("chat-format {}: {} ends an answer as text: it is no token here", format.name(), token);
            stopSequences.add(token);
        });
        return List.copyOf(stopSequences);
    }

    private static boolean isToken(String text, Tokenizer tokenizer) {
        return tokenizer.encode(text, List.of()).length == 1;
    }
}
