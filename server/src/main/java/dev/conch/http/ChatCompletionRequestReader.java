package dev.conch.http;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.http.JsonFields.Element;
import dev.conch.openai.ChatCompletionRequest;
import dev.conch.openai.OutputOptions;
import dev.conch.openai.SamplingOptions;
import dev.conch.openai.StopOptions;
import io.micronaut.json.tree.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the body of a chat request. Whatever is wrong is told with the path of the field. */
final class ChatCompletionRequestReader {
    private static final int MAX_STOP_SEQUENCES = 4;
    private static final int MAX_STOP_CHARS = 256;
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
                new ConversationReader(fields).read(),
                sampling(),
                new StopOptions(maxTokens(), null, stop(), List.of(), false, false),
                new OutputOptions(1, null, stream, includeUsage(stream), false, false, true, true, false, null),
                false,
                null,
                fields.string("user", MAX_NAME_CHARS));
    }

    private SamplingOptions sampling() {
        return new SamplingOptions(
                fields.number("temperature", 0, 2),
                topP(),
                null,
                null,
                fields.number("frequency_penalty", -2, 2),
                fields.number("presence_penalty", -2, 2),
                null,
                null,
                Map.of(),
                List.of(),
                List.of(),
                fields.int64("seed"));
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

    private static GenerationException invalid(String path, String expectation) {
        return new GenerationException(ErrorCode.INVALID_VALUE, "Invalid '%s': %s.".formatted(path, expectation), path);
    }
}
