package dev.conch.chat.format;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.conch.openai.ChatMessage;
import dev.conch.openai.ChatMessage.Role;
import dev.conch.openai.ChatMessage.TextPart;
import dev.conch.openai.Conversation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The conversations of {@code golden/prompts/cases.json}, by name: what every built-in format is rendered with. */
final class ConversationCases {
    private static final Path FILE = Path.of("src/test/resources/golden/prompts/cases.json");

    private ConversationCases() {}

    static Map<String, Conversation> all() {
        try {
            var cases = new LinkedHashMap<String, Conversation>();
            JsonParser.parseString(Files.readString(FILE))
                    .getAsJsonObject()
                    .entrySet()
                    .forEach(entry -> cases.put(
                            entry.getKey(), conversation(entry.getValue().getAsJsonObject())));
            return cases;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Conversation conversation(JsonObject testCase) {
        List<ChatMessage> messages = testCase.getAsJsonArray("messages").asList().stream()
                .map(message -> message(message.getAsJsonObject()))
                .toList();
        JsonElement generation = testCase.get("add_generation_prompt");
        return new Conversation(
                messages,
                List.of(),
                List.of(),
                Map.of(),
                null,
                generation == null || generation.getAsBoolean(),
                testCase.has("continue_final_message"));
    }

    private static ChatMessage message(JsonObject message) {
        JsonElement call = message.get("tool_call_id");
        return new ChatMessage(
                Role.valueOf(message.get("role").getAsString().toUpperCase(Locale.ROOT)),
                List.of(new TextPart(message.get("content").getAsString())),
                null,
                call == null ? null : call.getAsString());
    }
}
