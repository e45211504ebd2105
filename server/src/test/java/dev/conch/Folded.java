package dev.conch;

import io.micronaut.core.type.Argument;
import io.micronaut.json.JsonMapper;
import io.micronaut.json.tree.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a client makes of an answer, streamed or not.
 *
 * @param usage prompt, completion and total tokens
 * @param error the code of the error event that ended a stream
 */
public record Folded(
        String content,
        @Nullable String finishReason,
        List<Integer> usage,
        @Nullable String error,
        boolean done) {
    private static final JsonMapper JSON = JsonMapper.createDefault();

    /** Of a single answer. */
    public static Folded answer(String body) {
        JsonNode root = parse(body);
        JsonNode choice = member(root, "choices").values().iterator().next();
        String content = member(member(choice, "message"), "content").getStringValue();
        return new Folded(content, member(choice, "finish_reason").getStringValue(), usage(root), null, true);
    }

    /** Of a whole stream. */
    public static Folded stream(String body) {
        var content = new StringBuilder();
        String finishReason = null;
        String error = null;
        List<Integer> usage = List.of();
        boolean done = false;
        for (String line :
                body.lines().filter(line -> line.startsWith("data: ")).toList()) {
            if (done || error != null) {
                throw new AssertionError("after the end of the stream: " + line);
            }
            String data = line.substring("data: ".length());
            if (data.equals("[DONE]")) {
                done = true;
                continue;
            }
            JsonNode event = parse(data);
            if (event.get("error") != null) {
                error = member(member(event, "error"), "code").getStringValue();
                continue;
            }
            usage = present(event.get("usage")) ? usage(event) : usage;
            for (JsonNode choice : member(event, "choices").values()) {
                JsonNode text = member(choice, "delta").get("content");
                content.append(present(text) ? Objects.requireNonNull(text).getStringValue() : "");
                JsonNode reason = member(choice, "finish_reason");
                finishReason = reason.isNull() ? finishReason : reason.getStringValue();
            }
        }
        return new Folded(content.toString(), finishReason, usage, error, done);
    }

    private static List<Integer> usage(JsonNode root) {
        JsonNode usage = member(root, "usage");
        return List.of(
                member(usage, "prompt_tokens").getIntValue(),
                member(usage, "completion_tokens").getIntValue(),
                member(usage, "total_tokens").getIntValue());
    }

    private static boolean present(@Nullable JsonNode node) {
        return node != null && !node.isNull();
    }

    private static JsonNode member(JsonNode node, String name) {
        return Objects.requireNonNull(node.get(name), name);
    }

    private static JsonNode parse(String json) {
        try {
            return Objects.requireNonNull(JSON.readValue(json, Argument.of(JsonNode.class)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
