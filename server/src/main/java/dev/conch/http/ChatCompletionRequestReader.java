package dev.conch.http;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.http.JsonFields.Element;
import dev.conch.openai.ChatCompletionRequest;
import dev.conch.openai.ChatMessage;
import dev.conch.openai.ChatMessage.ContentPart;
import dev.conch.openai.ChatMessage.Role;
import dev.conch.openai.ChatMessage.TextPart;
import io.micronaut.json.tree.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the body of a chat request. Whatever is wrong is told with the path of the field. */
final class ChatCompletionRequestReader {
    private static final int MAX_STOP_SEQUENCES = 4;
    private static final int MAX_STOP_CHARS = 256;
    private static final int MAX_MESSAGES = 10_000;
    private static final int MAX_PARTS = 10_000;
    private static final int MAX_NAME_CHARS = 256;
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    private final JsonFields fields;

    private ChatCompletionRequestReader(JsonFields fields) {
        this.fields = fields;
    }

    /** @throws GenerationException a USER error naming the field */
    static ChatCompletionRequest read(byte[] body) {
        return new ChatCompletionRequestReader(new JsonFields(StrictJson.object(body), "")).read();
    }

    private ChatCompletionRequest read() {
        UnsupportedParameters.refuse(fields);
        boolean stream = fields.bool("stream", false);
        return new ChatCompletionRequest(
                fields.requiredString("model", NO_LIMIT),
                messages(),
                maxTokens(),
                fields.number("temperature", 0, 2),
                topP(),
                fields.number("frequency_penalty", -2, 2),
                fields.number("presence_penalty", -2, 2),
                fields.int64("seed"),
                stop(),
                stream,
                includeUsage(stream),
                fields.string("user", MAX_NAME_CHARS));
    }

    private @Nullable Integer maxTokens() {
        Integer newer = fields.positiveInteger("max_completion_tokens");
        Integer older = fields.positiveInteger("max_tokens");
        if (newer != null && older != null && !newer.equals(older)) {
            throw fields.invalidValue(
                    "max_tokens", "expected the same as 'max_completion_tokens', or only one of the two");
        }
        return newer == null ? older : newer;
    }

    private @Nullable Double topP() {
        Double topP = fields.number("top_p", 0, 1);
        if (topP != null && topP == 0) {
            throw fields.invalidValue("top_p", "expected a number above 0 and at most 1");
        }
        return topP;
    }

    private boolean includeUsage(boolean stream) {
        JsonNode node = fields.node("stream_options");
        if (node == null) {
            return false;
        }
        if (!stream) {
            throw fields.invalidValue("stream_options", "only allowed when 'stream' is true");
        }
        JsonFields options = JsonFields.of(node, "stream_options");
        UnsupportedParameters.refuseStreamOptions(options);
        return options.bool("include_usage", false);
    }

    private List<String> stop() {
        JsonNode node = fields.node("stop");
        if (node == null) {
            return List.of();
        }
        if (node.isString()) {
            return List.of(stopSequence(new Element(node, "stop")));
        }
        return fields.array("stop", node, MAX_STOP_SEQUENCES).stream()
                .map(ChatCompletionRequestReader::stopSequence)
                .toList();
    }

    private static String stopSequence(Element element) {
        String text = JsonFields.string(element.node(), element.path(), MAX_STOP_CHARS);
        if (text.isEmpty()) {
            throw invalid(element.path(), "expected a text that is not empty");
        }
        return text;
    }

    private List<ChatMessage> messages() {
        List<Element> elements = fields.array("messages", fields.requiredNode("messages"), MAX_MESSAGES);
        if (elements.isEmpty()) {
            throw invalid("messages", "expected at least one message");
        }
        return elements.stream().map(ChatCompletionRequestReader::message).toList();
    }

    private static ChatMessage message(Element element) {
        JsonFields message = JsonFields.of(element.node(), element.path());
        Role role = role(message);
        UnsupportedParameters.refuseInMessage(message);
        String toolCallId = role == Role.TOOL ? message.requiredString("tool_call_id", MAX_NAME_CHARS) : null;
        return new ChatMessage(role, content(message), message.string("name", MAX_NAME_CHARS), toolCallId);
    }

    private static Role role(JsonFields message) {
        String name = message.requiredString("role", NO_LIMIT);
        return Arrays.stream(Role.values())
                .filter(role -> role.wireName().equals(name))
                .findFirst()
                .orElseThrow(() -> message.invalidValue("role", "expected one of " + roles()));
    }

    private static String roles() {
        return Arrays.stream(Role.values())
                .map(role -> "'" + role.wireName() + "'")
                .collect(Collectors.joining(", "));
    }

    private static List<ContentPart> content(JsonFields message) {
        JsonNode node = message.requiredNode("content");
        if (node.isString()) {
            return List.of(new TextPart(node.getStringValue()));
        }
        if (!node.isArray()) {
            throw JsonFields.wrongType(message.path("content"), "a string or an array of parts", node);
        }
        return message.array("content", node, MAX_PARTS).stream()
                .map(ChatCompletionRequestReader::part)
                .toList();
    }

    private static ContentPart part(Element element) {
        JsonFields part = JsonFields.of(element.node(), element.path());
        String type = part.requiredString("type", NO_LIMIT);
        return switch (type) {
            case "text" -> new TextPart(part.requiredString("text", NO_LIMIT));
            case "image_url", "input_audio", "file", "refusal" ->
                throw new GenerationException(
                        ErrorCode.UNSUPPORTED_CONTENT,
                        "Invalid '%s': this model takes text, not '%s'.".formatted(part.path("type"), type),
                        element.path());
            default -> throw part.invalidValue("type", "expected 'text'");
        };
    }

    private static GenerationException invalid(String path, String expectation) {
        return new GenerationException(ErrorCode.INVALID_VALUE, "Invalid '%s': %s.".formatted(path, expectation), path);
    }
}
