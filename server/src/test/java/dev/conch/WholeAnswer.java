package dev.conch;

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
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * All that an answer says, streamed or not, of chat or of completions.
 *
 * @param choices by index
 * @param usage as JSON
 */
record WholeAnswer(Map<Integer, Choice> choices, String usage, List<Integer> promptTokenIds) {
    private static final JsonMapper JSON = JsonMapper.createDefault();

    /**
     * One choice.
     *
     * @param calls name and arguments of each, by its index
     * @param logprobs the lists in {@code logprobs}, by name, each element as JSON
     */
    record Choice(
            String text,
            String reasoning,
            Map<Integer, String> calls,
            @Nullable String finishReason,
            Map<String, List<String>> logprobs,
            List<Integer> tokenIds,
            List<Integer> promptTokenIds) {}

    /** Of a single answer. */
    static WholeAnswer answer(String body) {
        var gathering = new Gathering();
        gathering.add(parse(body));
        return gathering.answer();
    }

    /** Of a whole stream, which has to end as streams do. */
    static WholeAnswer stream(String body) {
        List<String> events = body.lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring("data: ".length()))
                .toList();
        if (!events.getLast().equals("[DONE]")) {
            throw new AssertionError("not the end of a stream: " + events.getLast());
        }
        var gathering = new Gathering();
        events.subList(0, events.size() - 1).forEach(event -> gathering.add(parse(event)));
        return gathering.answer();
    }

    private static JsonNode parse(String json) {
        try {
            return Objects.requireNonNull(JSON.readValue(json, Argument.of(JsonNode.class)), json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(JsonNode node) {
        try {
            return JSON.writeValueAsString(node);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable JsonNode member(@Nullable JsonNode node, String name) {
        JsonNode member = node == null ? null : node.get(name);
        return member == null || member.isNull() ? null : member;
    }

    private static List<Integer> integers(@Nullable JsonNode list) {
        return list == null
                ? List.of()
                : StreamSupport.stream(list.values().spliterator(), false)
                        .map(JsonNode::getIntValue)
                        .toList();
    }

    /** An answer while its parts are put together. */
    private static final class Gathering {
        private final Map<Integer, GatheredChoice> choices = new TreeMap<>();
        private final List<Integer> promptTokenIds = new ArrayList<>();
        private String usage = "";

        void add(JsonNode part) {
            for (JsonNode choice : Objects.requireNonNull(part.get("choices")).values()) {
                int index = Objects.requireNonNull(choice.get("index")).getIntValue();
                choices.computeIfAbsent(index, _ -> new GatheredChoice()).add(choice);
            }
            promptTokenIds.addAll(integers(member(part, "prompt_token_ids")));
            JsonNode told = member(part, "usage");
            usage = told == null ? usage : text(told);
        }

        WholeAnswer answer() {
            Map<Integer, Choice> gathered = choices.entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, entry -> entry.getValue().choice(), (a, _) -> a, TreeMap::new));
            return new WholeAnswer(gathered, usage, promptTokenIds);
        }
    }

    private static final class GatheredChoice {
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder reasoning = new StringBuilder();
        private final Map<Integer, String> calls = new TreeMap<>();
        private final Map<String, List<String>> logprobs = new TreeMap<>();
        private final List<Integer> tokenIds = new ArrayList<>();
        private final List<Integer> promptTokenIds = new ArrayList<>();
        private @Nullable String finishReason;

        void add(JsonNode choice) {
            JsonNode message = member(choice, "message") == null ? member(choice, "delta") : member(choice, "message");
            JsonNode content = message == null ? member(choice, "text") : member(message, "content");
            text.append(string(content));
            reasoning.append(string(member(message, "reasoning_content")));
            addCalls(member(message, "tool_calls"));
            JsonNode lists = member(choice, "logprobs");
            if (lists != null) {
                lists.entries().forEach(entry -> add(entry.getKey(), entry.getValue()));
            }
            tokenIds.addAll(integers(member(choice, "token_ids")));
            promptTokenIds.addAll(integers(member(choice, "prompt_token_ids")));
            JsonNode reason = member(choice, "finish_reason");
            finishReason = reason == null ? finishReason : reason.getStringValue();
        }

        /** A stream names the index of each, and the name of the function once. */
        private void addCalls(@Nullable JsonNode list) {
            int at = 0;
            for (JsonNode call : list == null ? List.<JsonNode>of() : list.values()) {
                JsonNode index = member(call, "index");
                JsonNode function = member(call, "function");
                JsonNode name = member(function, "name");
                String said =
                        (name == null ? "" : name.getStringValue() + ": ") + string(member(function, "arguments"));
                calls.merge(index == null ? at++ : index.getIntValue(), said, String::concat);
            }
        }

        private static String string(@Nullable JsonNode node) {
            return node == null ? "" : node.getStringValue();
        }

        private void add(String name, JsonNode list) {
            if (list.isArray() && list.size() > 0) {
                List<String> elements = logprobs.computeIfAbsent(name, _ -> new ArrayList<>());
                list.values().forEach(element -> elements.add(text(element)));
            }
        }

        Choice choice() {
            return new Choice(
                    text.toString(), reasoning.toString(), calls, finishReason, logprobs, tokenIds, promptTokenIds);
        }
    }
}
