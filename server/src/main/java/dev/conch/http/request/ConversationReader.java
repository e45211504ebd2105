package dev.conch.http.request;

import dev.conch.http.request.JsonFields.Element;
import dev.conch.openai.ChatMessage;
import dev.conch.openai.ChatMessage.Role;
import dev.conch.openai.Conversation;
import io.micronaut.json.tree.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a chat request that its prompt is made of. */
final class ConversationReader {
    private static final String ADD_GENERATION_PROMPT = "add_generation_prompt";
    private static final String CONTINUE_FINAL_MESSAGE = "continue_final_message";
    private static final int MAX_MESSAGES = 10_000;
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    /** Parameters that the template may have variables for. */
    private static final List<String> OWN_VARIABLES = List.of("reasoning_effort", "verbosity");

    private final RequestParameters request;
    private final JsonFields fields;

    ConversationReader(RequestParameters request) {
        this.request = request;
        fields = request.fields();
    }

    Conversation read() {
        List<ChatMessage> messages = messages();
        boolean continues = continueFinalMessage(messages.getLast().role());
        return new Conversation(
                messages,
                ToolOptionsReader.tools(fields),
                documents(),
                templateVariables(),
                requestVariables(),
                request.text("chat_template"),
                fields.bool(ADD_GENERATION_PROMPT, !continues),
                continues);
    }

    private List<ChatMessage> messages() {
        List<Element> elements = fields.array("messages", fields.requiredNode("messages"), MAX_MESSAGES);
        if (elements.isEmpty()) {
            throw fields.invalidValue("messages", "expected at least one message");
        }
        return elements.stream()
                .map(element -> MessageReader.read(element, request.endpoint()))
                .toList();
    }

    private boolean continueFinalMessage(Role last) {
        if (!fields.bool(CONTINUE_FINAL_MESSAGE, false)) {
            return false;
        }
        if (fields.bool(ADD_GENERATION_PROMPT, false)) {
            throw fields.invalidValue(CONTINUE_FINAL_MESSAGE, "not together with 'add_generation_prompt'");
        }
        if (last != Role.ASSISTANT) {
            throw fields.invalidValue(CONTINUE_FINAL_MESSAGE, "expected the last message to be of role 'assistant'");
        }
        return true;
    }

    private List<Map<String, @Nullable Object>> documents() {
        JsonNode node = fields.node("documents");
        return node == null
                ? List.of()
                : fields.array("documents", node, request.schema("documents").maxItems()).stream()
                        .map(ConversationReader::document)
                        .toList();
    }

    /** Templates print what a document has; only the two fields that all of them know have a type. */
    private static Map<String, @Nullable Object> document(Element element) {
        JsonFields document = JsonFields.of(element.node(), element.path());
        document.string("title", NO_LIMIT);
        document.string("text", NO_LIMIT);
        return PlainValues.object(element.node());
    }

    private Map<String, @Nullable Object> templateVariables() {
        JsonNode node = fields.node("chat_template_kwargs");
        if (node == null) {
            return Map.of();
        }
        JsonFields.of(node, "chat_template_kwargs");
        return PlainValues.object(node);
    }

    private Map<String, String> requestVariables() {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String name : OWN_VARIABLES) {
            String value = request.text(name);
            if (value != null) {
                variables.put(name, value);
            }
        }
        return variables;
    }
}
