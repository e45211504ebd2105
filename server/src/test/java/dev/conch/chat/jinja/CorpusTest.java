package dev.conch.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Real templates of other people with the results that {@code transformers} gives, one JSON file for each template. They are not part of
 * this project: {@code CONCH_SHARED} names the folder that has them in {@code chat-templates/public}. Not set, there is nothing to test
 * here; set and unreadable, the test fails.
 */
class CorpusTest {
    private static final String TAG = "CONTINUE_FINAL_MESSAGE_TAG ";

    @TestFactory
    Stream<DynamicTest> everyTemplate() throws IOException {
        String shared = System.getenv("CONCH_SHARED");
        if (shared == null) {
            return Stream.empty();
        }
        try (Stream<Path> files = Files.list(Path.of(shared, "chat-templates", "public"))) {
            List<Path> templates = files.filter(CorpusTest::isTemplate).sorted().toList();
            assertThat(templates).isNotEmpty();
            return templates.stream().map(file -> dynamicTest(String.valueOf(file.getFileName()), () -> check(file)));
        }
    }

    static boolean isTemplate(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(".json") && !name.equals("INDEX.json");
    }

    static void check(Path path) throws IOException {
        JsonObject file = JsonParser.parseString(Files.readString(path)).getAsJsonObject();
        List<String> failures = new ArrayList<>();
        for (JsonElement element : file.getAsJsonArray("cases")) {
            JsonObject testCase = element.getAsJsonObject();
            String problem = problem(file, testCase);
            if (problem != null) {
                failures.add(testCase.get("id").getAsString() + ": " + problem);
            }
        }
        assertThat(failures).isEmpty();
    }

    private static @Nullable String problem(JsonObject file, JsonObject testCase) {
        JsonObject error = testCase.getAsJsonObject("error");
        try {
            String text = render(file, testCase);
            if (error != null) {
                return "should have failed: " + error;
            }
            String expected = testCase.get("expected").getAsString();
            return text.equals(expected) ? null : difference(expected, text);
        } catch (RefusedByCaller | TemplateException | TemplateSyntaxException e) {
            if (error == null) {
                return e.getClass().getSimpleName() + ": " + e.getMessage();
            }
            boolean refusal = error.get("kind").getAsString().equals("raise_exception");
            return refusal && !error.get("message").getAsString().equals(e.getMessage())
                    ? "wrong refusal: " + e.getMessage() + " instead of " + error
                    : null;
        }
    }

    private static String difference(String expected, String actual) {
        int at = 0;
        while (at < Math.min(expected.length(), actual.length()) && expected.charAt(at) == actual.charAt(at)) {
            at++;
        }
        return "differs at " + at + ": expected " + excerpt(expected, at) + " but was " + excerpt(actual, at);
    }

    private static String excerpt(String text, int at) {
        return PythonRepr.of(text.substring(Math.max(0, at - 20), Math.min(text.length(), at + 30)));
    }

    private static String render(JsonObject file, JsonObject testCase) {
        Map<String, @Nullable Object> variables = new LinkedHashMap<>();
        putToken(variables, file, "bos_token");
        putToken(variables, file, "eos_token");
        PlainJson.object(testCase.getAsJsonObject("kwargs")).forEach(variables::put);
        boolean continues = testCase.has("continue_final_message");
        List<Map<String, @Nullable Object>> messages = messages(testCase.getAsJsonArray("messages"));
        String finalText = continues ? tagFinalMessage(messages) : "";
        variables.put("messages", messages);
        variables.put("tools", PlainJson.value(testCase.get("tools")));
        variables.put("documents", PlainJson.value(testCase.get("documents")));
        variables.put(
                "add_generation_prompt", testCase.get("add_generation_prompt").getAsBoolean());
        Clock clock = Clock.fixed(
                LocalDateTime.parse(file.get("now").getAsString().replace(' ', 'T'))
                        .toInstant(ZoneOffset.UTC),
                ZoneOffset.UTC);
        String text = JinjaTemplate.compile(file.get("template").getAsString())
                .render(variables, RenderLimits.DEFAULT, clock)
                .text();
        return continues ? cutAtTag(text, finalText) : text;
    }

    private static void putToken(Map<String, @Nullable Object> variables, JsonObject file, String name) {
        if (!file.get(name).isJsonNull()) {
            variables.put(name, file.get(name).getAsString());
        }
    }

    /** Messages without null fields, and with the reasoning under the names that templates look for. */
    private static List<Map<String, @Nullable Object>> messages(JsonArray json) {
        List<Map<String, @Nullable Object>> messages = new ArrayList<>();
        for (JsonElement element : json) {
            Map<String, @Nullable Object> message = PlainJson.object(element.getAsJsonObject());
            message.values().removeIf(value -> value == null);
            Object reasoning = Stream.of("reasoning_content", "thinking", "reasoning")
                    .filter(message::containsKey)
                    .findFirst()
                    .map(message::get)
                    .orElse(null);
            Map<String, @Nullable Object> aliased = new LinkedHashMap<>();
            if (reasoning != null) {
                aliased.put("thinking", reasoning);
            }
            aliased.putAll(message);
            if (reasoning != null) {
                aliased.put("reasoning_content", reasoning);
            }
            messages.add(aliased);
        }
        return messages;
    }

    private static String tagFinalMessage(List<Map<String, @Nullable Object>> messages) {
        Map<String, @Nullable Object> last = messages.getLast();
        Object content = last.get("content");
        if (content instanceof String text) {
            last.put("content", text + TAG);
            return text;
        }
        if (content instanceof List<?> parts) {
            for (Object part : parts.reversed()) {
                if (part instanceof Map<?, ?> map && map.get("text") instanceof String text) {
                    @SuppressWarnings("unchecked")
                    Map<String, Object> writable = (Map<String, Object>) map;
                    writable.put("text", text + TAG);
                    return text;
                }
            }
        }
        throw new RefusedByCaller("the final message has no content to continue");
    }

    private static String cutAtTag(String text, String finalText) {
        String tag = TAG.strip();
        if (!text.contains(tag) || !text.contains(finalText.strip())) {
            throw new RefusedByCaller("the template does not show the final message");
        }
        int at = text.lastIndexOf(tag);
        String cut = text.substring(0, at);
        return text.startsWith(TAG, at)
                ? cut
                : TextMethods.strip(Text.of(cut), None.NONE, false, true).string();
    }

    /** What {@code apply_chat_template} refuses before or after the template runs. */
    private static final class RefusedByCaller extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RefusedByCaller(String message) {
            super(message);
        }
    }
}
