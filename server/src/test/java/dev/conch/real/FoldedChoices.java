package dev.conch.real;

import io.micronaut.core.type.Argument;
import io.micronaut.json.JsonMapper;
import io.micronaut.json.tree.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a client makes of an answer with any number of choices, chat or completion, streamed or not.
 *
 * @param choices in the order of their indices
 * @param usage as it stood in the JSON
 */
record FoldedChoices(List<Choice> choices, Object usage) {
    private static final JsonMapper JSON = JsonMapper.createDefault();
    private static final String DATA = "data: ";

    /**
     * One choice.
     *
     * @param logprobs of each token, as they stood in the JSON: an entry of chat, or the four values that a completion has in four lists
     */
    record Choice(String text, List<Object> logprobs, List<Object> tokenIds, String finishReason) {}

    /** Of a single answer. */
    static FoldedChoices answer(String body) {
        var fold = new Fold();
        fold.add(parse(body));
        return fold.result();
    }

    /** Of a whole stream, which ended as it should. */
    static FoldedChoices stream(String body) {
        var fold = new Fold();
        List<String> events = body.lines().filter(line -> line.startsWith(DATA)).toList();
        if (!events.getLast().equals(DATA + "[DONE]")) {
            throw new AssertionError("the stream ended with " + events.getLast());
        }
        events.subList(0, events.size() - 1).forEach(event -> fold.add(parse(event.substring(DATA.length()))));
        return fold.result();
    }

    String text(int index) {
        return choices.get(index).text();
    }

    /** Adds up the parts of an answer, of which a single one has only one. */
    private static final class Fold {
        private final Map<Integer, OpenChoice> choices = new TreeMap<>();
        private @Nullable Object usage;

        void add(JsonNode part) {
            JsonNode told = part.get("usage");
            usage = told == null || told.isNull() ? usage : told.getValue();
            for (JsonNode choice : member(part, "choices").values()) {
                choices.computeIfAbsent(member(choice, "index").getIntValue(), index -> new OpenChoice())
                        .add(choice);
            }
        }

        FoldedChoices result() {
            return new FoldedChoices(
                    choices.values().stream().map(OpenChoice::close).toList(), Objects.requireNonNull(usage, "usage"));
        }
    }

    private static final class OpenChoice {
        private final StringBuilder text = new StringBuilder();
        private final List<Object> logprobs = new ArrayList<>();
        private final List<Object> tokenIds = new ArrayList<>();
        private @Nullable String finishReason;

        void add(JsonNode choice) {
            text.append(text(choice));
            JsonNode told = choice.get("logprobs");
            if (told != null && !told.isNull()) {
                addLogprobs(told);
            }
            JsonNode ids = choice.get("token_ids");
            if (ids != null && !ids.isNull()) {
                ids.values().forEach(id -> tokenIds.add(Objects.requireNonNull(id.getValue())));
            }
            JsonNode reason = member(choice, "finish_reason");
            finishReason = reason.isNull() ? finishReason : reason.getStringValue();
        }

        private static String text(JsonNode choice) {
            JsonNode message = choice.get("message") == null ? choice.get("delta") : choice.get("message");
            JsonNode text = message == null ? choice.get("text") : message.get("content");
            return text == null || text.isNull() ? "" : text.getStringValue();
        }

        private void addLogprobs(JsonNode told) {
            JsonNode content = told.get("content");
            if (content != null) {
                content.values().forEach(entry -> logprobs.add(Objects.requireNonNull(entry.getValue())));
                return;
            }
            for (int i = 0; i < member(told, "tokens").size(); i++) {
                var entry = new ArrayList<@Nullable Object>();
                for (String list : List.of("tokens", "token_logprobs", "top_logprobs", "text_offset")) {
                    JsonNode values = member(told, list);
                    entry.add(
                            values.isNull()
                                    ? null
                                    : Objects.requireNonNull(values.get(i)).getValue());
                }
                logprobs.add(entry);
            }
        }

        Choice close() {
            return new Choice(
                    text.toString(), logprobs, tokenIds, Objects.requireNonNull(finishReason, "finish_reason"));
        }
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
