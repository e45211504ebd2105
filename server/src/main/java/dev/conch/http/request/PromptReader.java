package dev.conch.http.request;

import dev.conch.http.request.JsonFields.Element;
import dev.conch.openai.CompletionRequest.Prompt;
import io.micronaut.json.tree.JsonNode;
import java.util.List;
import java.util.Map;

/** Reads what is to be completed: a text, token ids, or a list of either. */
final class PromptReader {
    private static final String PROMPT = "prompt";
    private static final int MAX_PROMPTS = 128;
    private static final int MAX_TOKENS = 200_000;
    private static final ValueSchema TOKEN_ID = new ValueSchema(Map.of("minimum", 0, "maximum", Integer.MAX_VALUE));

    private PromptReader() {}

    static List<Prompt> read(RequestParameters request) {
        JsonNode node = request.fields().requiredNode(PROMPT);
        if (node.isString()) {
            return List.of(new Prompt.Text(node.getStringValue()));
        }
        if (!node.isArray()) {
            throw JsonFields.wrongType(PROMPT, "a string or an array", node);
        }
        var whole = new Element(node, PROMPT);
        return firstOf(whole).isNumber()
                ? List.of(tokenIds(whole))
                : JsonFields.array(node, PROMPT, MAX_PROMPTS).stream()
                        .map(PromptReader::prompt)
                        .toList();
    }

    private static Prompt prompt(Element element) {
        if (element.node().isString()) {
            return new Prompt.Text(element.node().getStringValue());
        }
        if (!element.node().isArray()) {
            throw JsonFields.wrongType(element.path(), "a string or an array of token ids", element.node());
        }
        return tokenIds(element);
    }

    private static Prompt tokenIds(Element element) {
        firstOf(element);
        return new Prompt.TokenIds(JsonFields.array(element.node(), element.path(), MAX_TOKENS).stream()
                .map(id -> JsonFields.integer(id.node(), id.path(), TOKEN_ID))
                .toList());
    }

    private static JsonNode firstOf(Element array) {
        if (array.node().size() == 0) {
            throw JsonFields.invalid(array.path(), "expected at least one element");
        }
        return array.node().values().iterator().next();
    }
}
